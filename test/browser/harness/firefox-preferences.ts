import type { Policy } from "./browser.ts";

type Preference = string | number | boolean;

const ALLOW_THIRD_PARTY_COOKIES = 0;
/** Total Cookie Protection, as shipped. */
const PARTITION_THIRD_PARTY_COOKIES = 5;
const MANUAL_PROXY = 1;

/** The `user.js` of a profile under a policy, behind the proxy, that talks to nobody on its own account. */
export function firefoxPreferences(policy: Policy<"firefox">, proxyPort: number): string {
  const preferences: Record<string, Preference> = { ...QUIET, ...proxy(proxyPort), ...cookies(policy) };
  return Object.entries(preferences)
    .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
    .join("");
}

function cookies(policy: Policy<"firefox">): Record<string, Preference> {
  return {
    "network.cookie.cookieBehavior": policy === "allow" ? ALLOW_THIRD_PARTY_COOKIES : PARTITION_THIRD_PARTY_COOKIES,
    "dom.storage_access.auto_grants": policy === "default",
    // A grant without a prompt would take its time, up to five seconds, as if somebody had had to think.
    "dom.storage_access.auto_grants.delayed": false,
    ...(policy === "grant" || policy === "deny"
      ? {
          "dom.storage_access.prompt.testing": true,
          "dom.storage_access.prompt.testing.allow": policy === "grant",
        }
      : {}),
  };
}

function proxy(port: number): Record<string, Preference> {
  return {
    "network.proxy.type": MANUAL_PROXY,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": port,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": port,
    "network.proxy.no_proxies_on": "",
    // A direct connection would be an attempt to leave the machine.
    "network.proxy.failover_direct": false,
  };
}

const QUIET: Record<string, Preference> = {
  // Automation would set preferences of its own, cookies and the popup blocker among them.
  "remote.prefs.recommended": false,
  "dom.disable_open_during_load": true,
  // Tests say http:// where they mean it.
  "dom.security.https_first": false,
  "dom.security.https_only_mode": false,
  "app.normandy.enabled": false,
  "app.update.disabledForTesting": true,
  "browser.aboutwelcome.enabled": false,
  "browser.discovery.enabled": false,
  "browser.newtabpage.enabled": false,
  "browser.pagethumbnails.capturing_disabled": true,
  "browser.safebrowsing.downloads.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.search.update": false,
  "browser.sessionstore.resume_from_crash": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.homepage": "about:blank",
  "browser.startup.homepage_override.mstone": "ignore",
  "browser.startup.page": 0,
  "browser.tabs.closeWindowWithLastTab": false,
  "browser.tabs.warnOnClose": false,
  "browser.topsites.contile.enabled": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "datareporting.healthreport.uploadEnabled": false,
  "dom.ipc.processPrelaunch.enabled": false,
  "dom.push.connection.enabled": false,
  "extensions.getAddons.cache.enabled": false,
  "extensions.installDistroAddons": false,
  "extensions.systemAddon.update.enabled": false,
  "extensions.update.enabled": false,
  "geo.provider.testing": true,
  "media.gmp-manager.updateEnabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "network.dns.disablePrefetch": true,
  "network.manage-offline-status": false,
  "network.prefetch-next": false,
  "network.trr.mode": 5,
  "privacy.trackingprotection.enabled": false,
  "security.certerrors.mitm.priming.enabled": false,
  "services.settings.server": "data:,#remote-settings-dummy/v1",
  "signon.autofillForms": false,
  "signon.rememberSignons": false,
  "toolkit.telemetry.enabled": false,
  "toolkit.telemetry.server": "",
};
