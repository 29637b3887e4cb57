import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.DatabaseResolver;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.backend.memory.MemoryDatabase;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.oplog.Oplog;
import io.netty.channel.Channel;
import java.util.List;

/** Starts an in-memory server on a free port, prints its URL, and ends when its input ends. */
public class MongoServerLauncher {
    private static final class Version implements MongoVersion {
        public List<Integer> getVersionArray() {
            return List.of(5, 0, 0);
        }

        /** The oldest one that the Node.js driver accepts is 9; 13 is that of MongoDB 5.0. */
        public int getWireVersion() {
            return 13;
        }
    }

    /**
     * Answers with copies, one command at a time. The documents themselves would be written to the
     * connection while other calls change them: a read could show one half from before an update and
     * the other from after it, which MongoDB never does.
     */
    private static final class Database extends MemoryDatabase {
        Database(String name, CursorRegistry cursors) {
            super(name, cursors);
        }

        @Override
        public synchronized Document handleCommand(
                Channel channel, String command, Document query, DatabaseResolver databases, Oplog oplog) {
            return super.handleCommand(channel, command, query, databases, oplog).cloneDeeply();
        }
    }

    private static final class Backend extends MemoryBackend {
        @Override
        public MemoryDatabase openOrCreateDatabase(String name) {
            return new Database(name, getCursorRegistry());
        }
    }

    public static void main(String[] arguments) throws Exception {
        MongoServer server = new MongoServer(new Backend().version(new Version()));
        server.bind("127.0.0.1", 0);
        System.out.println(server.getConnectionString() + "/?retryWrites=false");
        while (System.in.read() != -1) {}
        server.shutdownNow();
        System.exit(0);
    }
}
