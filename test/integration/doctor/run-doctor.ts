import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Level, Section } from "../../../scripts/doctor/finding.ts";

const COMMAND = fileURLToPath(new URL("../../../scripts/doctor.ts", import.meta.url));

export type Ran = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };
export type Report = { readonly sections: readonly Section[]; readonly totals: Readonly<Record<Level, number>> };

/** Runs the command as a user does, with a certificate that is trusted beside the usual ones. */
export function runDoctor(args: readonly string[], trustedCertificatePath: string): Promise<Ran> {
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: trustedCertificatePath };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [COMMAND, ...args], { env }, (_, stdout, stderr) =>
      resolve({ exitCode: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

/** The levels and words of what was found about one subject, by a part of its name. */
export function findingsOf({ stdout }: Ran, subject: string): string[] {
  const { sections } = JSON.parse(stdout) as Report;
  const about = sections.filter((section) => section.subject.includes(subject));
  return about.flatMap(({ findings }) => findings.map(({ level, title }) => `${level}: ${title}`));
}
