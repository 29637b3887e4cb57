import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
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

    public static void main(String[] arguments) throws Exception {
        MongoServer server = new MongoServer(new MemoryBackend().version(new Version()));
        server.bind("127.0.0.1", 0);
        System.out.println(server.getConnectionString() + "/?retryWrites=false");
        while (System.in.read() != -1) {}
        server.shutdownNow();
        System.exit(0);
    }
}
