import { NONE } from "../report/format.ts";
import type { Table } from "../report/section.ts";
import type { LoadGenerator } from "./generate-load.ts";
import { openInspector } from "./inspector.ts";
import { readResidentMb } from "./process-usage.ts";
import { TENANT_COUNT, iframePath, smallTenant } from "./tenants.ts";
import { type WorkerModule, startWorkerd } from "./workerd.ts";

/** What tenants cost the isolate, in a workerd of its own: the inspector slows it down. */
export async function measureMemory(
  workers: readonly WorkerModule[],
  compatibilityDate: string,
  load: LoadGenerator,
): Promise<Table> {
  const workerd = await startWorkerd(workers, { compatibilityDate, withInspector: true });
  try {
    const visit = (paths: readonly string[]) =>
      load.generate({ origin: workerd.urlOf("hub"), paths, headers: {}, expectedStatus: 200, once: true });
    const inspector = await openInspector(workerd.inspector ?? "", "hub", () => visit(["/healthz"]));
    const rows: string[][] = [];
    const take = async (name: string): Promise<void> => {
      const heapMb = await inspector.readHeapMb();
      rows.push([name, heapMb.toFixed(1), readResidentMb(workerd.pid)?.toFixed(0) ?? NONE]);
    };

    await take("no tenant yet");
    await visit([iframePath(smallTenant(0))]);
    await take("1 tenant");
    await visit(Array.from({ length: TENANT_COUNT }, (_, index) => iframePath(smallTenant(index))));
    await take(`${TENANT_COUNT.toLocaleString("en")} tenants`);
    inspector.close();
    return { columns: ["memory", "heap of the isolate, MB", "workerd, MB resident"], rows };
  } finally {
    await workerd.stop();
  }
}
