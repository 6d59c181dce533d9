export const SHOP_A = "https://www.shop-a.test";
export const SHOP_B = "https://www.shop-b.test";

/** Documents of the tenants that are asked, each good and each another way. */
export const TENANTS: Readonly<Record<string, unknown>> = {
  acme: [SHOP_A, SHOP_B, "https://*.shop-c.test"],
  quiet: { TRUSTED_DOMAINS: [SHOP_A, SHOP_B], handoff: false },
  nobody: [],
  rich: {
    TRUSTED_DOMAINS: [SHOP_A, SHOP_B, ...Array.from({ length: 8 }, (_, n) => `https://shop-${n}.test`)],
    displayName: `</script><b onclick="alert(1)">Müller & Söhne</b>`,
    accentColor: "#FFFF00",
    privacyUrl: `https://www.shop-a.test/privacy?"><script>alert(1)</script>`,
    sessionMaxAgeSeconds: 60,
  },
};
