import type { BrowserContext, ConsoleMessage, Request, Response } from "@playwright/test";

/** What went wrong in a browser while a test looked at something else. */
export class Problems {
  readonly #found: string[] = [];
  readonly #allowed: RegExp[] = [];

  /** Says that this is no problem in this test: what is matched is the text that the failed test would show. */
  allow(pattern: RegExp): void {
    this.#allowed.push(pattern);
  }

  /** What was found and not allowed. */
  get unexpected(): string[] {
    return this.#found.filter((text) => !this.#allowed.some((pattern) => pattern.test(text)));
  }

  /** Notes every console error, exception, failed request and answer from 500 on, of all pages. */
  watch(context: BrowserContext): void {
    context.on("console", (message) => this.#console(message));
    context.on("weberror", (error) => this.#found.push(`exception: ${error.error().message}`));
    context.on("requestfailed", (request) => this.#failed(request));
    context.on("response", (response) => this.#answered(response));
  }

  #console(message: ConsoleMessage): void {
    if (message.type() === "error") {
      this.#found.push(`console: ${message.text()} (${message.location().url})`);
    }
  }

  #failed(request: Request): void {
    const reason = request.failure()?.errorText ?? "unknown";
    // Whoever leaves a page takes its open requests along.
    if (reason !== "net::ERR_ABORTED" && isOurs(request.url())) {
      this.#found.push(`request: ${request.url()} failed: ${reason}`);
    }
  }

  #answered(response: Response): void {
    if (response.status() >= 500) {
      this.#found.push(`answer: ${response.url()} is a ${response.status()}`);
    }
  }
}

/** The portal, or the sandbox provider on its other host name. */
function isOurs(url: string): boolean {
  return ["127.0.0.1", "localhost"].includes(new URL(url).hostname);
}
