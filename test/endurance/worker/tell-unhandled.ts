/** workerd keeps to itself what nobody has caught. The console is where it is looked for. */
export function tellUnhandled(): void {
  addEventListener("unhandledrejection", ({ reason }) => console.error(`unhandled: ${String(reason)}`));
}
