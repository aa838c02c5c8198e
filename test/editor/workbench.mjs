// The editor's window, as a person reads and uses it: texts on the screen, keys, commands. Only what is in view exists.
import { workbenchUrl } from './editorServer.mjs';

const READY_LIMIT_MS = 60_000;
const LOOK_LIMIT_MS = 20_000;
const KEY_LIMIT_MS = 3000;

export class Workbench {
  constructor(page) {
    this.page = page;
  }

  /** Opens a folder. */
  static async open(browser, authority, folder) {
    const page = await browser.newPage({ viewport: { width: 1180, height: 760 } });
    await page.goto(workbenchUrl(authority, folder, []));
    await page.waitForFunction(() => performance.getEntriesByName('code/didStartWorkbench').length > 0, undefined, {
      timeout: READY_LIMIT_MS,
    });
    return new Workbench(page);
  }

  async openFromExplorer(name) {
    await this.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).dblclick();
  }

  close() {
    return this.page.close();
  }

  hints() {
    return this.texts('.view-line span[class*="dyn-rule-"]');
  }

  lenses() {
    return this.texts('.codelens-decoration a');
  }

  problems() {
    return this.texts('.markers-panel .monaco-list-row');
  }

  statusBar() {
    return this.texts('.statusbar-item');
  }

  squiggles() {
    return this.page.locator('.squiggly-error').count();
  }

  async texts(selector) {
    const texts = await this.page.locator(selector).allTextContents();
    return texts.map((text) => text.replaceAll('\u00a0', ' ').trim()).filter((text) => text !== '');
  }

  /** The text of the hover at a place of the file, lines and columns from 1. */
  async hover(line, column) {
    await this.goTo(line, column);
    await this.page.keyboard.press('Control+K');
    await this.page.keyboard.press('Control+I');
    const contents = this.page.locator('.monaco-hover:not(.hidden) .hover-contents');
    await contents.first().waitFor({ timeout: LOOK_LIMIT_MS });
    return (await contents.allInnerTexts()).join('\n').replaceAll('\u00a0', ' ');
  }

  async goTo(line, column) {
    await this.page.locator('.monaco-editor .view-lines').first().waitFor({ timeout: LOOK_LIMIT_MS });
    const input = this.page.locator('.quick-input-widget input.input');
    // A key is lost while the focus moves, as behind a panel that closes.
    await this.until(
      async () => {
        await this.page.keyboard.press('Control+G');
        return input.waitFor({ timeout: KEY_LIMIT_MS }).then(
          () => true,
          () => false,
        );
      },
      (isOpen) => isOpen,
    );
    await input.fill(`:${line}:${column}`);
    await this.page.keyboard.press('Enter');
    await input.waitFor({ state: 'hidden', timeout: LOOK_LIMIT_MS });
  }

  /** Runs a command by its title, as from the command palette. */
  async command(title) {
    await this.page.keyboard.press('F1');
    await this.choose(`>${title}`, title);
  }

  /** Filters the open list and takes the row that holds `wanted`. */
  async choose(typed, wanted) {
    const input = this.page.locator('.quick-input-widget input.input');
    await input.waitFor({ timeout: LOOK_LIMIT_MS });
    await input.fill(typed);
    const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: wanted });
    await row.first().click({ timeout: LOOK_LIMIT_MS });
  }

  /** Looks again and again until `read()` gives what `accept` wants; throws with what was there in the end. */
  async until(read, accept) {
    const end = Date.now() + LOOK_LIMIT_MS;
    let seen;
    do {
      seen = await read();
      if (accept(seen)) return seen;
      await this.page.waitForTimeout(100);
    } while (Date.now() < end);
    throw new Error(`not on the screen; there was ${JSON.stringify(seen)}`);
  }

  /** The page inside of the webview that holds `selector`. */
  async webview(selector) {
    const find = async () => {
      for (const frame of this.page.frames()) {
        const count = await frame
          .locator(selector)
          .count()
          .catch(() => 0);
        if (count > 0) return frame;
      }
      return undefined;
    };
    return this.until(find, (frame) => frame !== undefined);
  }

  async picture(file, options = {}) {
    // Tooltips and carets apart, the screen stands still when the texts do; one frame more lets colours settle.
    await this.page.waitForTimeout(400);
    await this.page.screenshot({ path: file, ...options });
  }
}
