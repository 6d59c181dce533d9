/**
 * Handoffs as they are stored: under names that do not tell the code, encrypted under keys that only the code gives. Whoever
 * reads the storage or the logs learns nothing of a session.
 */
import { toBase64Url, toHex } from "../bytes.ts";

/** What a code stands for. */
export type Handoff = {
  readonly tenant: string;
  /** Name of the session cookie. */
  readonly name: string;
  readonly session: string;
  /** Origin of the page that the session comes from. */
  readonly from: string;
  readonly userAgent: string;
  readonly network: string;
  readonly expiresAtMs: number;
};

const CODE_BYTES = 16;
const IV_BYTES = 12;

const text = new TextEncoder();

/** 128 random bits in base64url. */
export function createCode(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(CODE_BYTES)));
}

/** SHA-256 of the code: the name of its Durable Object. */
export async function objectNameOf(code: string): Promise<string> {
  return toHex(await crypto.subtle.digest("SHA-256", text.encode(code)));
}

/**
 * Tells cookie names apart without naming them: a page with several session cookies tries each of its codes, and a code must not
 * be used up by a name that is not its own.
 */
export async function nameTagOf(code: string, name: string): Promise<string> {
  const key = await deriveKey(code, "carryover handoff name", { name: "HMAC", hash: "SHA-256", length: 256 }, ["sign"]);
  return toHex(await crypto.subtle.sign("HMAC", key, text.encode(name)));
}

export async function seal(code: string, handoff: Handoff): Promise<Uint8Array> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const encrypted = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv },
    await contentKey(code),
    text.encode(JSON.stringify(handoff)),
  );
  const sealed = new Uint8Array(IV_BYTES + encrypted.byteLength);
  sealed.set(iv);
  sealed.set(new Uint8Array(encrypted), IV_BYTES);
  return sealed;
}

/** `undefined` for what was not sealed with this code. */
export async function unseal(code: string, sealed: Uint8Array): Promise<Handoff | undefined> {
  try {
    const iv = sealed.subarray(0, IV_BYTES);
    const bytes = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv },
      await contentKey(code),
      sealed.subarray(IV_BYTES),
    );
    // Sealed by this Worker, with the same types: authenticated encryption vouches for it.
    const handoff: Handoff = JSON.parse(new TextDecoder().decode(bytes));
    return handoff;
  } catch {
    return undefined;
  }
}

function contentKey(code: string): Promise<CryptoKey> {
  return deriveKey(code, "carryover handoff content", { name: "AES-GCM", length: 256 }, ["encrypt", "decrypt"]);
}

/** HKDF (RFC 5869), so that neither key tells of the other, nor of the object's name. */
async function deriveKey(
  code: string,
  purpose: string,
  algorithm: { readonly name: string; readonly hash?: string; readonly length: number },
  usages: string[],
): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey("raw", text.encode(code), "HKDF", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: text.encode(purpose) },
    material,
    algorithm,
    false,
    usages,
  );
}
