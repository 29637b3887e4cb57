import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Something that a host can import, or use a type of. */
export interface PublicExport {
  readonly name: string;
  /** Where it is declared. */
  readonly file: string;
  readonly isDocumented: boolean;
}

const LIST = /^export (?:type )?\{([^}]*)\}(?: from "(\.[^"]+)")?;/gmu;
const IMPORTS = /^import (?:type )?\{([^}]*)\} from "(\.[^"]+)";/gmu;

/** All that an entry exports, wherever it is declared, with whether a comment says what it is. */
export function publicExports(entry: string): readonly PublicExport[] {
  const text = readFileSync(entry, "utf8");
  const listed = [...text.matchAll(LIST)].flatMap(([, names = "", from]) =>
    namesIn(names).map(({ name }) =>
      declarationOf(name, from ? join(dirname(entry), from) : entry),
    ),
  );
  const declared = [...text.matchAll(declaration("(\\w+)"))].map(([, name = ""]) =>
    declarationOf(name, entry),
  );
  return [...listed, ...declared];
}

function declarationOf(name: string, file: string): PublicExport {
  if (!existsSync(file)) {
    throw new Error(`Cannot look at "${name}": there is no ${file}`);
  }
  const text = readFileSync(file, "utf8");
  const own = declaration(name).exec(text);
  if (own !== null) {
    return { name, file, isDocumented: isDocumentedAt(text, own.index) };
  }
  for (const pattern of [LIST, IMPORTS]) {
    for (const [, names = "", from] of text.matchAll(pattern)) {
      const found = namesIn(names).find(({ alias }) => alias === name);
      if (found !== undefined && from !== undefined) {
        return declarationOf(found.name, join(dirname(file), from));
      }
    }
  }
  throw new Error(`Cannot find the declaration of "${name}" in ${file}`);
}

/** Whether a comment for documentation ends where a declaration begins. */
export function isDocumentedAt(text: string, index: number): boolean {
  const before = text.slice(0, index).trimEnd();
  const start = before.lastIndexOf("/**");
  return before.endsWith("*/") && /\w{3}/u.test(before.slice(start));
}

function declaration(name: string): RegExp {
  const kinds = "(?:async )?function\\*?|(?:abstract )?class|interface|type|const";
  return new RegExp(`^export (?:declare )?(?:${kinds}) ${name}\\b`, "gmu");
}

function namesIn(list: string): readonly { readonly name: string; readonly alias: string }[] {
  return list
    .split(",")
    .map((part) => part.trim().replace(/^type /u, ""))
    .filter((part) => part !== "")
    .map((part) => {
      const [name = "", alias = name] = part.split(" as ");
      return { name, alias };
    });
}
