/** workerd keeps to itself what nobody has caught. The console is where it is looked for. */
addEventListener("unhandledrejection", ({ reason }) => console.error(`unhandled: ${String(reason)}`));
