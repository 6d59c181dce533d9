/**
 * Web Crypto, answered at once: Node's own answers from a thread pool, in an order that no seed decides. Only what pages and the
 * hub use.
 */
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync } from "node:crypto";
import { ambient, fillRandomly } from "./ambient.ts";

type RawKey = { readonly bytes: Uint8Array };
type HkdfParameters = { readonly salt: Uint8Array; readonly info: Uint8Array };
type AesParameters = { readonly iv: Uint8Array };

const TAG_BYTES = 16;

const subtle = {
  async digest(algorithm: string, data: Uint8Array | ArrayBuffer): Promise<ArrayBuffer> {
    const name = algorithm.replace("-", "").toLowerCase();
    return toBuffer(createHash(name).update(new Uint8Array(data)).digest());
  },
  async importKey(_format: "raw", bytes: Uint8Array): Promise<RawKey> {
    return { bytes };
  },
  async deriveKey({ salt, info }: HkdfParameters, { bytes }: RawKey, { length }: { length: number }): Promise<RawKey> {
    return { bytes: new Uint8Array(hkdfSync("sha256", bytes, salt, info, length / 8)) };
  },
  async sign(_algorithm: "HMAC", { bytes }: RawKey, data: Uint8Array): Promise<ArrayBuffer> {
    return toBuffer(createHmac("sha256", bytes).update(data).digest());
  },
  async encrypt({ iv }: AesParameters, { bytes }: RawKey, data: Uint8Array): Promise<ArrayBuffer> {
    const cipher = createCipheriv("aes-256-gcm", bytes, iv);
    return toBuffer(Buffer.concat([cipher.update(data), cipher.final(), cipher.getAuthTag()]));
  },
  async decrypt({ iv }: AesParameters, { bytes }: RawKey, data: Uint8Array): Promise<ArrayBuffer> {
    const decipher = createDecipheriv("aes-256-gcm", bytes, iv);
    decipher.setAuthTag(data.subarray(-TAG_BYTES));
    return toBuffer(Buffer.concat([decipher.update(data.subarray(0, -TAG_BYTES)), decipher.final()]));
  },
};

export const cryptoDouble = { subtle, getRandomValues: fillRandomly, randomUUID };

function randomUUID(): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(ambient().random() * 16).toString(16)).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function toBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
