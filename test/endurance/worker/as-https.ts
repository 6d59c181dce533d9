/** The request as the hub has it at Cloudflare, where the way to the visitor is https. */
export function asHttps(request: Request): Request {
  return new Request(request.url.replace(/^http:/, "https:"), request);
}
