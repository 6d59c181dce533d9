import { createHash, X509Certificate } from "node:crypto";
import { generate } from "selfsigned";

export interface Certificate {
  /** PEM */
  key: string;
  /** PEM */
  cert: string;
  /** Base64 of the SHA-256 of the public key, as Chromium's `--ignore-certificate-errors-spki-list` wants it. */
  publicKeyHash: string;
}

let made: Promise<Certificate> | undefined;

/** One self-signed certificate for every test site, made once a process and kept in memory only. */
export function certificate(): Promise<Certificate> {
  made ??= make();
  return made;
}

async function make(): Promise<Certificate> {
  const { private: key, cert } = await generate([{ name: "commonName", value: "Test sites" }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: false },
      {
        name: "subjectAltName",
        altNames: [
          ...["hub.test", "*.hub.test", "*.test", "localhost", "*.localhost"].map((value) => ({
            type: 2 as const,
            value,
          })),
          { type: 7, ip: "127.0.0.1" },
        ],
      },
    ],
  });
  const publicKey = new X509Certificate(cert).publicKey.export({ type: "spki", format: "der" });
  return { key, cert, publicKeyHash: createHash("sha256").update(publicKey).digest("base64") };
}
