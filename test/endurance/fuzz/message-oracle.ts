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

const fromPage = { id, session: sessionOrNone, base: text };

const REQUESTS: readonly Shape[] = [
  { ...fromPage, type: is("load"), codes: text },
  { ...fromPage, type: is("save"), session },
  { ...fromPage, type: is("clear") },
  { ...fromPage, type: is("repair") },
  { ...fromPage, type: is("test") },
  { ...fromPage, type: is("card"), show: flag },
  { ...fromPage, type: is("mint"), session, to: text },
];

/** A message that is to have no session has none that would do harm. */
const harmless: Check = (value) => typeof value !== "string" || sessionOrNone(value);

const fromFrame = { id: number, access: text, reason: text, links: text, scope: text, session: harmless };

const FRAME_MESSAGES: readonly Shape[] = [
  { ...fromFrame, type: is("loaded"), session: sessionOrNone, base: text, saved: flag, pending: flag },
  { ...fromFrame, type: is("answered"), done: flag, saved: flag, base: text, code: text },
  { ...fromFrame, type: is("card"), height: number },
  { ...fromFrame, type: is("changed") },
  { ...fromFrame, type: is("refused") },
];

const CONNECT: Shape = {
  type: is("carryover:connect"),
  name: cookieName,
  url: text,
  referrer: text,
  session: harmless,
};

/** Whose messages the guards of the popup are asked about. */
export const SUBJECT = { tenant: "acme", name: "chat", nonce: "n0-nce" };

const ours: Shape = { tenant: is("acme"), name: is("chat"), nonce: is("n0-nce") };

/** What each guard of protocol/ should say, by the guard's name. */
export const ORACLE = {
  isHello: (data) => has(data, { type: is("carryover:hello") }),
  isConnect: (data) => has(data, CONNECT),
  isPageRequest: (data) => REQUESTS.some((shape) => has(data, shape)),
  isFrameMessage: (data) => FRAME_MESSAGES.some((shape) => has(data, shape)),
  isPopupReady: (data) => has(data, { type: is("carryover:popup-ready"), ...ours }),
  isPopupTask: (data) => has(data, { type: is("carryover:popup-task"), ...ours, session: orNull(session), base: text }),
  isPopupDone: (data) => has(data, { type: is("carryover:popup-done"), ...ours, hubCookie: orNull(text) }),
  isMintRequest: (data) => has(data, { name: cookieName, session, from: text, to: text }),
  isRedeemRequest: (data) => has(data, { code, name: cookieName, to: text, referrer: text }),
  isHandoffCode: code,
} satisfies Record<string, Check>;
