/**
 * The chat widget: one session, one socket, one view.
 *
 * A session begins with the visitor's first words, not with opening the panel: until then no cookie is set and nothing
 * is stored. A session that is already there, from an earlier visit or from the other shop, is shown at once.
 */
import type { ChatEvent, ChatMessage } from "../protocol/chat-messages.ts";
import { ChatPanel } from "./chat-panel.ts";
import { ChatSocket } from "./chat-socket.ts";
import type { ChatView, ShownMessage } from "./chat-view.ts";
import { forgetSession, readSession, startSession } from "./session-cookie.ts";

export interface ChatListener {
  onSession(session: string | undefined): void;
  /** The visitor's first words: the session cookie has just been set. */
  onStarted(): void;
  /** The visitor ended the chat on this page. */
  onEnded(): void;
}

const READY = "Scripted replies";

export class Chat {
  readonly #greeting: string;
  readonly #listener: ChatListener;
  readonly #ready: Promise<void>;
  readonly #panel: ChatPanel;
  #session: string | undefined;
  #socket: ChatSocket | undefined;
  #view: Promise<ChatView> | undefined;
  /** What is on show, the greeting aside: tells whether a reconnection missed anything. */
  #shown = 0;

  /** @param ready resolves once the hub has had its say, so that no second session is begun beside the first. */
  constructor(greeting: string, ready: Promise<void>, listener: ChatListener) {
    this.#greeting = greeting;
    this.#ready = ready;
    this.#listener = listener;
    this.#panel = new ChatPanel(
      () => void this.#onOpen(),
      () => this.#end(),
    );
    this.#panel.setState(READY);
    this.#panel.setSession(false);
  }

  get hasSession(): boolean {
    return this.#session !== undefined;
  }

  /** Shows the session of the page's cookie, if there is one and it is not on show already. */
  resume(): void {
    const session = readSession();
    if (session === this.#session) return;
    if (session === undefined) {
      this.#leave();
      return;
    }
    this.#join(session);
    this.#panel.openBesideThePage();
  }

  /** Opens the panel and says something in the visitor's name, who pressed a button that promised so. */
  async ask(text: string): Promise<void> {
    this.#panel.open();
    await this.#ready;
    (await this.#mounted()).say(text);
  }

  async #onOpen(): Promise<void> {
    const isFirst = this.#view === undefined;
    if (isFirst) this.#panel.setState("One moment");
    await this.#ready;
    const view = await this.#mounted();
    if (isFirst) this.#panel.setState(READY);
    view.scrollToEnd();
    if (this.#panel.isOpen) view.focus();
  }

  #mounted(): Promise<ChatView> {
    this.#view ??= import("./chat-view.ts").then(({ mountChatView }) =>
      mountChatView(this.#panel.host, this.#greeting, (text) => this.#say(text)),
    );
    return this.#view;
  }

  #say(text: string): void {
    // Another tab of this shop may have begun a session since this page was loaded.
    if (this.#session === undefined) {
      const session = readSession() ?? this.#start();
      if (session === undefined) {
        void this.#mounted().then((view) =>
          view.showError("This browser keeps no cookies for this shop, so there is no chat."),
        );
        return;
      }
      this.#join(session);
    }
    this.#shown += 1;
    this.#socket?.send({ type: "say", text });
  }

  #start(): string | undefined {
    const session = startSession();
    if (session !== undefined) this.#listener.onStarted();
    return session;
  }

  #join(session: string): void {
    this.#socket?.close();
    this.#session = session;
    this.#panel.setSession(true);
    this.#listener.onSession(session);
    const socket: ChatSocket = new ChatSocket({
      onConnection: (isOpen) => {
        this.#panel.setState(isOpen ? READY : "Reconnecting");
        this.#panel.setEndable(isOpen);
      },
      onEvent: (event) => void this.#onEvent(event, socket),
    });
    this.#socket = socket;
  }

  async #onEvent(event: ChatEvent, socket: ChatSocket): Promise<void> {
    // Read now: the socket sends it as soon as the history is in, which may be before the view is there.
    const waiting = socket.unsent;
    const view = await this.#mounted();
    // The visitor may have changed sessions while the view was loading.
    if (socket !== this.#socket) return;
    switch (event.type) {
      case "history": {
        const unsent = waiting.map((text): ShownMessage => ({ role: "user", text }));
        const all = [...event.messages.map(toShown), ...unsent];
        if (all.length === this.#shown) return;
        this.#shown = all.length;
        await view.reset(all);
        return;
      }
      case "message":
        this.#shown += 1;
        await view.show([toShown(event.message)]);
        return;
      case "refused":
        this.#shown -= 1;
        await view.showError(event.reason);
        return;
      case "ended":
        // Whoever ended the chat has told the hub. Telling it again, maybe hours later from a tab that was asleep,
        // could take a newer chat away.
        this.#leave();
    }
  }

  #end(): void {
    if (this.#session === undefined) return;
    this.#socket?.send({ type: "end" });
    this.#listener.onEnded();
  }

  #leave(): void {
    const session = this.#session;
    if (session === undefined) return;
    forgetSession(session);
    this.#socket?.close();
    this.#socket = undefined;
    this.#session = undefined;
    this.#shown = 0;
    this.#panel.setSession(false);
    this.#panel.setEndable(false);
    this.#panel.setState("Chat ended, transcript deleted");
    this.#listener.onSession(undefined);
    void this.#view?.then((view) => view.reset([]));
  }
}

function toShown({ role, text }: ChatMessage): ShownMessage {
  return { role: role === "visitor" ? "user" : "ai", text };
}
