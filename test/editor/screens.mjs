// What people see: hints, lens, hovers, a shape error and its repair, budgets and changes, the device, and the view of
// an .onnx file, each asserted by the text on the screen. Figures: sums over the layers of examples/, by hand from their sizes.
import path from 'node:path';
import { assertHolds, holdsAll } from './checks.mjs';
import { Workbench } from './workbench.mjs';

/** Runs all screens, each on copies of its own: `copyFiles()` makes a folder of them. */
export async function runScreens(context) {
  await convolutionalNetwork(context);
  await transformer(context);
  await cells(context);
  await shapeError(context);
  await budgetsAndChanges({ ...context, copyFiles: context.makeRepository });
  await onnxView(context);
}

/** Opens a file of a fresh copy, as people do: by a click in the explorer. */
async function withWorkbench({ browser, authority, copyFiles, checks }, name, body) {
  console.log(name);
  let workbench;
  try {
    workbench = await Workbench.open(browser, authority, copyFiles());
    await workbench.openFromExplorer(name);
    await body(workbench);
  } catch (error) {
    checks.fail(`${name} opens`, error instanceof Error ? error.message : String(error));
  } finally {
    await workbench?.close();
  }
}

function convolutionalNetwork(context) {
  const { checks, pictures } = context;
  return withWorkbench(context, 'small_cnn.py', async (workbench) => {
    await checks.check('the lens tells totals, device and input', workbench, async () => {
      const lenses = await workbench.until(() => workbench.lenses(), holdsAll('params'));
      assertHolds(lenses.join('\n'), '141K params · 29.2 MMACs', 'weights', 'rtx-4090', 'input 1×3×32×32');
    });
    await checks.check('hints tell the cost where layers are created', workbench, async () => {
      // ConvBlock(3, width) is one convolution of 3·32·9 weights at 32×32, and 2·32 of the normalisation.
      await workbench.until(() => workbench.hints(), holdsAll('928 · 884.7 KMACs · ≥ ', '138.8K · 28.31 MMACs', '×5'));
    });
    await workbench.picture(path.join(pictures, 'lens-and-hints.png'));
    await checks.check('hints tell the shape where layers are called', workbench, async () => {
      await workbench.goTo(43, 1);
      await workbench.until(
        () => workbench.hints(),
        holdsAll('1×32×32×32', '1×128×8×8', '1×128', '1×10', '1.29K · 1.28 KMACs'),
      );
    });
    await workbench.picture(path.join(pictures, 'shapes.png'));
    await checks.check('the hover of a layer is a table', workbench, async () => {
      const hover = await workbench.hover(37, 24);
      assertHolds(hover, 'Linear', 'shape in', '1×128', 'shape out', '1×10', '1.29K (1,290)', '1.28 KMACs', 'rtx-4090');
      await workbench.picture(path.join(pictures, 'hover.png'));
    });
    await checks.check('the hover of the model tells its totals and costliest parts', workbench, async () => {
      const hover = await workbench.hover(24, 9);
      assertHolds(hover, '141K (141,034)', '29.2 MMACs', 'peak memory', 'Costliest inside', 'stages');
      await workbench.picture(path.join(pictures, 'hover-model.png'));
    });
    await checks.check('another device changes the latency everywhere', workbench, async () => {
      await workbench.page.keyboard.press('Escape');
      await workbench.until(() => workbench.statusBar(), holdsAll('rtx-4090'));
      await workbench.command('Layer Cost: Select Target Device');
      await workbench.choose('cortex', 'cortex-a76');
      await workbench.until(() => workbench.statusBar(), holdsAll('cortex-a76'));
      await workbench.until(() => workbench.lenses(), holdsAll('ms cortex-a76'));
      await workbench.picture(path.join(pictures, 'device.png'));
    });
    await checks.check('a click on the lens opens the breakdown', workbench, async () => {
      await workbench.page.locator('.codelens-decoration a').first().click();
      const frame = await workbench.webview('#layers tbody tr');
      assertHolds(await frame.locator('#layers').innerText(), 'stem.conv', '1×32×32×32', '884.7K', 'cortex-a76');
      await workbench.picture(path.join(pictures, 'report.png'));
    });
  });
}

function transformer(context) {
  const { checks, pictures } = context;
  return withWorkbench(context, 'small_transformer.py', async (workbench) => {
    await checks.check('hints stand in the classes that the model uses', workbench, async () => {
      await workbench.until(() => workbench.hints(), holdsAll('1×8×256×32', '1×256×256', '×6'));
    });
    await checks.check('the lens counts shared weights once', workbench, async () => {
      await workbench.goTo(40, 1);
      const lenses = await workbench.until(() => workbench.lenses(), holdsAll('params'));
      // 8192·256 + 1024·256 + 6·(4·256² + 4·256 + 8·256² + 5·256) + 2·256
      assertHolds(lenses.join('\n'), '7.092M params', 'input 1×256');
    });
    await workbench.picture(path.join(pictures, 'transformer.png'));
  });
}

function cells(context) {
  const { checks, pictures } = context;
  // The first file of its window, so that JSON alone wakes the extension.
  return withWorkbench(context, 'cells.json', async (workbench) => {
    await checks.check(
      'NAS cells in JSON have hints, and a lens with exact counts and predicted accuracy',
      workbench,
      async () => {
        // As PyTorch counts: test/truth/data/nasCell/networks.json.
        await workbench.until(() => workbench.hints(), holdsAll('802.4K · 114 MMACs · ≈ '));
        const lenses = await workbench.until(() => workbench.lenses(), holdsAll('NAS-Bench-201', 'NAS-Bench-101'));
        assertHolds(
          lenses.join('\n'),
          '802.4K params · 114 MMACs · cifar10 ≈ ',
          '(roofline)',
          'accuracy not predicted',
        );
      },
    );
    await workbench.picture(path.join(pictures, 'cells.png'));
    await checks.check('the hover of a cell tables predictions with intervals', workbench, async () => {
      const hover = await workbench.hover(4, 20);
      assertHolds(hover, 'accuracy cifar10', 'accuracy imagenet16-120', 'latency pixel3', 'interval', '802,426');
      await workbench.picture(path.join(pictures, 'cells-hover.png'));
    });
    await checks.check('a wrong operation is underlined once it is typed', workbench, async () => {
      await workbench.goTo(4, 7);
      await workbench.page.keyboard.type('x');
      await workbench.page.keyboard.press('Control+Shift+M');
      const rows = await workbench.until(() => workbench.problems(), holdsAll('layercost'));
      assertHolds(rows.join('\n'), '"xnor_conv_3x3" is no operation of NAS-Bench-201');
      await workbench.page.keyboard.press('Control+Z');
      await workbench.until(
        () => workbench.problems(),
        (found) => found.every((row) => !row.includes('layercost')),
      );
    });
  });
}

function shapeError(context) {
  const { checks, pictures } = context;
  return withWorkbench(context, 'shape_error.py', async (workbench) => {
    await checks.check('a shape error is underlined', workbench, async () => {
      await workbench.until(
        () => workbench.squiggles(),
        (count) => count > 0,
      );
    });
    await checks.check('the problem tells both shapes', workbench, async () => {
      await workbench.page.keyboard.press('Control+Shift+M');
      const rows = await workbench.until(() => workbench.problems(), holdsAll('layercost'));
      assertHolds(rows.join('\n'), '1x1024', '784');
      await workbench.picture(path.join(pictures, 'shape-error.png'));
    });
    await checks.check('hints before the error stay', workbench, async () => {
      await workbench.until(() => workbench.hints(), holdsAll('1×16×8×8', '1×1024'));
    });
    await checks.check('typing the right size removes the problem', workbench, async () => {
      // self.head = nn.Linear(16 * 7 * 7, 10): behind the second 7.
      await workbench.goTo(12, 41);
      for (let count = 0; count < '7 * 7'.length; count++) await workbench.page.keyboard.press('Backspace');
      await workbench.page.keyboard.type('8 * 8');
      await workbench.until(
        () => workbench.squiggles(),
        (count) => count === 0,
      );
      await workbench.until(
        () => workbench.problems(),
        (rows) => rows.every((row) => !row.includes('layercost')),
      );
      await workbench.until(() => workbench.hints(), holdsAll('1×10', '10.25K'));
      await workbench.picture(path.join(pictures, 'shape-error-fixed.png'));
    });
  });
}

function budgetsAndChanges(context) {
  const { checks, pictures } = context;
  return withWorkbench(context, 'small_cnn.py', async (workbench) => {
    await checks.check('a budget that is met, and a model as committed, say nothing', workbench, async () => {
      await workbench.until(() => workbench.lenses(), holdsAll('141K params'));
      assertHolds(String(await workbench.squiggles()), '0');
    });
    await checks.check('a change is told beside the totals', workbench, async () => {
      // self.head = nn.Linear(4 * width, num_classes): ten classes more have 10 · (4·32 + 1) parameters.
      await workbench.goTo(37, 42);
      await workbench.page.keyboard.type('2 * ');
      const lenses = await workbench.until(() => workbench.lenses(), holdsAll('since HEAD'));
      assertHolds(lenses.join('\n'), ' ns roofline (', '+1.29K params (+0.9 %), +1.28K MACs (+0.004 %) since HEAD');
    });
    await checks.check('the budget that is missed is underlined at the model', workbench, async () => {
      await workbench.until(
        () => workbench.squiggles(),
        (count) => count === 1,
      );
      await workbench.goTo(24, 10);
      await workbench.picture(path.join(pictures, 'budget-and-changes.png'));
      await workbench.page.keyboard.press('Control+Shift+M');
      const rows = await workbench.until(() => workbench.problems(), holdsAll('budget-params'));
      assertHolds(rows.join('\n'), 'student: parameters 142.3K, budget 142K: 324 (0.2 %) over', 'stages.3.conv');
      await workbench.picture(path.join(pictures, 'budget-problems.png'));
      await workbench.page.keyboard.press('Control+Shift+M');
    });
    await checks.check('a quick fix raises the budget', workbench, async () => {
      await workbench.goTo(24, 10);
      await workbench.page.keyboard.press('Control+.');
      const offer = workbench.page.locator('.action-widget .monaco-list-row', {
        hasText: 'Raise the budget of student',
      });
      await offer.waitFor({ timeout: 20_000 });
      await workbench.picture(path.join(pictures, 'budget-actions.png'));
      await offer.click();
      await workbench.until(
        () => workbench.squiggles(),
        (count) => count === 0,
      );
      await workbench.picture(path.join(pictures, 'budget-raised.png'));
    });
    await checks.check('a click on the change opens the layers', workbench, async () => {
      await workbench.page.locator('.codelens-decoration a', { hasText: 'since HEAD' }).click();
      const frame = await workbench.webview('#changes tbody tr');
      assertHolds(await frame.locator('#figures').innerText(), 'parameters', '141K', '142.3K', '+1.29K (+0.9 %)');
      assertHolds(
        await frame.locator('#changes').innerText(),
        '~',
        'head',
        'Linear',
        '1x10 -> 1x20',
        'small_cnn.py:37',
      );
      await workbench.picture(path.join(pictures, 'changes.png'));
    });
  });
}

function onnxView(context) {
  const { checks, pictures } = context;
  // Behind a Python file: our view is registered when the editor has read its extensions, seconds after the explorer.
  return withWorkbench(context, 'small_cnn.py', async (workbench) => {
    await workbench.until(() => workbench.lenses(), holdsAll('params'));
    await workbench.openFromExplorer('tiny_cnn.onnx');
    let frame;
    await checks.check('an .onnx file opens in our view', workbench, async () => {
      frame = await workbench.webview('#layers tbody tr');
      assertHolds(await frame.locator('h1').innerText(), 'tiny_cnn');
    });
    if (frame === undefined) return;
    await checks.check('its totals stand on top', workbench, async () => {
      // 3·16·9·1024 + 16·32·9·256 + 320 MACs; 448 + 4,640 + 330 parameters
      assertHolds(await frame.locator('.tiles').innerText(), '5.418K', '1.622M', '7 of 7');
      assertHolds(await frame.locator('.ports').innerText(), 'image 1×3×32×32', 'logits 1×10');
    });
    await checks.check('each node has a row with shapes and figures', workbench, async () => {
      const rows = await frame.locator('#layers tbody tr').allInnerTexts();
      assertHolds(String(rows.length), '7');
      assertHolds(rows[0], 'conv1', 'Conv', '1×3×32×32', '1×16×32×32', '448', '442.4K');
      assertHolds(rows[6], 'head', 'Gemm', '1×32', '1×10', '330', '320');
      await workbench.picture(path.join(pictures, 'onnx-view.png'));
    });
    await checks.check('a click on a column sorts, typing filters', workbench, async () => {
      await frame.locator('#layers th', { hasText: 'MACs' }).click();
      assertHolds(await frame.locator('#layers tbody tr').first().innerText(), 'conv2');
      await frame.locator('#filter').fill('gemm');
      const shown = await frame.locator('#layers tbody tr:visible').allInnerTexts();
      assertHolds(shown.join('\n'), 'head');
      assertHolds(String(shown.length), '1');
      await workbench.picture(path.join(pictures, 'onnx-view-filtered.png'));
    });
  });
}
