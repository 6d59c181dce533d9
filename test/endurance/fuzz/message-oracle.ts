/** What protocol/ says of its messages, written down a second time, field by field: nothing of this comes from protocol/. */

type Check = (value: unknown) => boolean;
type Shape = Readonly<Record<string, Check>>;

const text: Check = (value) => typeof value === "string";
const flag: Check = (value) => typeof value === "boolean";
const number: Check = (value) => typeof value === "number";
const is =
  (expected: unknown): Check =>
  (value) =>
    value === expected;
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);

/** RFC 9110, section 5.6.2: `tchar`. */
const TOKEN = new Set("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

const cookieName: Check = (value) =>
  typeof value === "string" &&
  value.length >= 1 &&
  value.length <= 256 &&
  Array.from(value).every((one) => TOKEN.has(one));

const session: Check = (value) =>
  typeof value === "string" &&
  value !== "" &&
  Array.from(value).every(isCookieCharacter) &&
  !/^[ \t]|[ \t]$/.test(value);

function isCookieCharacter(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  const isControl = (code < 0x20 && character !== "\t") || code === 0x7f;
  return !isControl && character !== ";" && character.isWellFormed();
}

const sessionOrNone: Check = (value) => value === "" || session(value);
const code: Check = (value) => typeof value === "string" && value.length === 22 && !/[^A-Za-z0-9_-]/.test(value);

function has(data: unknown, shape: Shape): boolean {
  if (data === null || data === undefined) return false;
  const fields = data as Record<string, unknown>;
  return Object.entries(shape).every(([name, isGood]) => isGood(fields[name]));
}

const id: Check = (value) => Number.isSafeInteger(value);

const REQUESTS: readonly Shape[] = [
  { type: is("load"), id, session: sessionOrNone, memory: text, codes: text },
  { type: is("save"), id, session },
  { type: is("clear"), id },
  { type: is("test"), id },
  { type: is("card"), id, show: flag },
  { type: is("mint"), id, session, memory: text, to: text },
];

const REPORT: Shape = {
  type: is("report"),
  id: number,
  access: text,
  reason: text,
  ok: flag,
  session: sessionOrNone,
  memory: text,
  saved: flag,
  news: flag,
  height: number,
  code: text,
  links: text,
  scope: text,
};

/** Whose messages the guards of the popup are asked about. */
export const SUBJECT = { tenant: "acme", name: "chat", nonce: "n0-nce" };

const ours: Shape = { tenant: is("acme"), name: is("chat"), nonce: is("n0-nce") };

/** What each guard of protocol/ should say, by the guard's name. */
export const ORACLE = {
  isHello: (data) => has(data, { type: is("carryover:hello") }),
  isConnect: (data) => has(data, { type: is("carryover:connect"), name: cookieName, url: text, referrer: text }),
  isPageRequest: (data) => REQUESTS.some((shape) => has(data, shape)),
  isReport: (data) => has(data, REPORT),
  isPopupReady: (data) => has(data, { type: is("carryover:popup-ready"), ...ours }),
  isPopupTask: (data) => has(data, { type: is("carryover:popup-task"), ...ours, session: orNull(session) }),
  isPopupDone: (data) => has(data, { type: is("carryover:popup-done"), ...ours, hubCookie: orNull(text) }),
  isMintRequest: (data) => has(data, { name: cookieName, session, from: text, to: text }),
  isRedeemRequest: (data) => has(data, { code, name: cookieName, to: text, referrer: text }),
  isHandoffCode: code,
} satisfies Record<string, Check>;
