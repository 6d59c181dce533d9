interface Reply {
  value: unknown;
}

/** How WebDriver writes an element: https://w3c.github.io/webdriver/#elements */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

export type ElementReference = { [ELEMENT]: string };

export function elementReference(id: string): ElementReference {
  return { [ELEMENT]: id };
}

export function elementId(reference: ElementReference): string {
  return reference[ELEMENT];
}

/** A WebDriver session over HTTP. Which window and frame commands are for is state of the session: see `exclusive` and `place`. */
export class WebDriver {
  /** Where the session is, in words of whoever went there; `undefined` when that is not sure. */
  place: string | undefined;
  readonly #url: string;
  #queue: Promise<unknown> = Promise.resolve();

  static async connect(driverUrl: string, capabilities: object): Promise<{ driver: WebDriver; capabilities: unknown }> {
    const session = (await request("POST", `${driverUrl}/session`, {
      capabilities: { alwaysMatch: capabilities },
    })) as {
      sessionId: string;
      capabilities: unknown;
    };
    return {
      driver: new WebDriver(`${driverUrl}/session/${session.sessionId}`),
      capabilities: session.capabilities,
    };
  }

  private constructor(url: string) {
    this.#url = url;
  }

  get<T>(path: string): Promise<T> {
    return request("GET", this.#url + path) as Promise<T>;
  }

  post<T>(path: string, body: object = {}): Promise<T> {
    return request("POST", this.#url + path, body) as Promise<T>;
  }

  delete(path = ""): Promise<unknown> {
    return request("DELETE", this.#url + path);
  }

  /** Runs steps that nobody else's must come between: going to a window or frame, and doing something there. */
  exclusive<T>(steps: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(steps);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}

async function request(method: string, url: string, body?: object): Promise<unknown> {
  const response = await fetch(url, {
    method,
    ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  const { value } = (await response.json()) as Reply;
  if (response.ok) return value;
  const { error, message } = value as { error: string; message: string };
  throw new Error(message === "" ? error : `${error}: ${message}`);
}
