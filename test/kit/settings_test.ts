import { expect } from "chai";
import {
  choice,
  flag,
  integer,
  optionalText,
  origins,
  seconds,
  secret,
  secrets,
  text,
  url,
} from "../../src/kit/setting.ts";
import { completeSettings, partOf, readEnvironment } from "../../src/kit/settings.ts";

const secretForm = {
  fits: (value: string) => value.startsWith("key_"),
  problem: "must begin with key_",
};

const DECLARED = {
  WAIT_SECONDS: seconds({ default: 2, bounds: [0.1, 60], meaning: "a wait" }),
  MAX_TRIES: integer({ default: 3, productionDefault: 9, bounds: [1, 10], meaning: "tries" }),
  TELL_ALL: flag({ default: false, meaning: "whether" }),
  COLOUR: choice({ default: "red", values: ["red", "blue"], meaning: "which" }),
  FILE: text({ default: "a.json", meaning: "where" }),
  STATE: optionalText({ default: "b.json", none: "none", meaning: "where" }),
  HOME_URL: url({ bare: true, meaning: "where" }),
  ORIGINS: origins({ meaning: "which" }),
  API_KEY: secret({ meaning: "key", ...secretForm }),
  OLD_KEYS: secrets({ meaning: "keys", ...secretForm }),
};

const read = (env: Record<string, string>, production = false) =>
  readEnvironment(DECLARED, { env, production });

describe("settings", () => {
  it("have their defaults, by their names in code", () => {
    expect(read({})).to.deep.equal({
      values: {
        waitSeconds: 2,
        maxTries: 3,
        tellAll: false,
        colour: "red",
        file: "a.json",
        state: "b.json",
        homeUrl: null,
        origins: null,
        apiKey: null,
        oldKeys: [],
      },
      problems: [],
    });
    expect(read({}, true).values.maxTries).to.equal(9);
  });

  it("are read from the environment, without the blanks around them", () => {
    const { values, problems } = read({
      WAIT_SECONDS: " 0.5 ",
      MAX_TRIES: "10",
      TELL_ALL: "true",
      COLOUR: "blue",
      FILE: "c d.json",
      STATE: "none",
      HOME_URL: "https://a.example/b//",
      ORIGINS: "https://a.example, http://b.example:8080,",
      API_KEY: "key_1",
      OLD_KEYS: "key_2,key_3",
    });
    expect(problems).to.deep.equal([]);
    expect(values).to.deep.include({
      waitSeconds: 0.5,
      maxTries: 10,
      tellAll: true,
      colour: "blue",
      file: "c d.json",
      state: null,
      homeUrl: "https://a.example/b",
      origins: ["https://a.example", "http://b.example:8080"],
    });
    expect(values.apiKey?.reveal()).to.equal("key_1");
    expect(values.oldKeys.map((key) => key.reveal())).to.deep.equal(["key_2", "key_3"]);
  });

  it("are all refused at once that cannot be, with what they must be, and no secret's value", () => {
    const { problems } = read({
      WAIT_SECONDS: "1e3",
      MAX_TRIES: "2.5",
      TELL_ALL: "constructor",
      COLOUR: "green",
      HOME_URL: "https://a.example/?b",
      ORIGINS: "https://a.example/",
      API_KEY: "canary",
      OLD_KEYS: "key_1,canary",
    });
    expect(problems).to.deep.equal([
      "WAIT_SECONDS must be a number from 0.1 to 60",
      "MAX_TRIES must be a whole number from 1 to 10",
      "TELL_ALL must be true or false",
      "COLOUR must be one of red, blue",
      "HOME_URL must be an address without user, query and fragment",
      'ORIGINS has "https://a.example/", which is no origin like https://app.example.com',
      "API_KEY must begin with key_",
      "OLD_KEYS must begin with key_",
    ]);
  });

  it("may be given in code, where the same is checked, and unknown ones are refused", () => {
    const { values } = completeSettings(DECLARED, { maxTries: 5, waitSeconds: undefined });
    expect(values).to.include({ maxTries: 5, waitSeconds: 2, colour: "red" });
    const wrong = { maxTries: 11, tellAll: null, triesMax: 4 };
    const { problems } = completeSettings(DECLARED, wrong as object);
    expect(problems).to.deep.equal([
      "maxTries must be a whole number from 1 to 10",
      "tellAll must be true or false",
      "triesMax is no setting: remove it",
    ]);
  });

  it("can be taken apart", () => {
    const { FILE, COLOUR } = DECLARED;
    const { values } = read({ FILE: "z.json" });
    expect(partOf({ FILE, COLOUR }, values)).to.deep.equal({ file: "z.json", colour: "red" });
  });
});
