// A paper as the core draws it, apart from the app: its own styles, and nothing of it is run.

/** Pixels of a millimetre, as style sheets count. */
const MM = 96 / 25.4;
/** Margins of a roll, and room for what is rounded. */
const ROLL_MORE = 8;

/** What is said of the sheet that is printed on; a shadow tree cannot say it. */
function sheetOf(style: CSSStyleSheet, length: number | null): CSSStyleSheet {
  const rules = [...style.cssRules].filter((it) => it instanceof CSSPageRule).map((it) => it.cssText);
  // A roll is as long as what stands on it.
  if (length !== null) rules.push(`@page { size: 80mm ${Math.ceil(length / MM) + ROLL_MORE}mm }`);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules.join('\n'));
  return sheet;
}

/** Draws a page; gives what says the printed sheet, asked for when it is printed. */
export function drawPaper(root: ShadowRoot, html: string, narrow: boolean): () => CSSStyleSheet {
  // Where a text of the paper has such signs the core has escaped them: only its own style sheet is found so.
  const [before = '', rest = ''] = html.split('<style>');
  const [rules = '', after = ''] = rest.split('</style>');
  const style = new CSSStyleSheet();
  style.replaceSync(rules);
  // What is parsed so stays without scripts, and the policy of the app lets no attribute of style or event work.
  const page = new DOMParser().parseFromString(before + after, 'text/html');
  root.adoptedStyleSheets = [style];
  root.replaceChildren(...page.body.childNodes);
  return () => sheetOf(style, narrow ? (root.firstElementChild?.scrollHeight ?? 0) : null);
}
