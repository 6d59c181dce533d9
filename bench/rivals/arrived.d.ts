/** Of the shop's page (bench/load/shop-page.ts): the session is in hand, and in the page's cookie. */
declare function arrived(session: string): void;
