/** As many as the promise names. */
export const TENANT_COUNT = 10_000;
export const LARGE_TENANT = "large";
export const LARGE_TENANT_DOMAINS = 500;

export function smallTenant(index: number): string {
  return `tenant-${index}`;
}

/** Paths of one tenant, or of all. */
export function iframePath(tenant: string): string {
  return `/t/${tenant}/iframe.html`;
}

/** A Worker that answers for a KV namespace in which every tenant is: two domains each, and one tenant with 500. */
export const KV_SOURCE = `
const large = JSON.stringify(Array.from({ length: ${LARGE_TENANT_DOMAINS} }, (_, index) => \`https://shop-\${index}.example\`));
export default {
  fetch(request) {
    const key = new URL(request.url).pathname.slice(1);
    return new Response(
      key === "${LARGE_TENANT}" ? large : JSON.stringify([\`https://www.\${key}-a.example\`, \`https://www.\${key}-b.example\`]),
    );
  },
};
`;
