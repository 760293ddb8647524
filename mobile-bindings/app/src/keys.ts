// The keyboard of a desk: what can be tapped can be reached and pressed.

/** Parts of the library that take focus but know no keys, and rows of lists. */
const PRESSED = '[role=tab], [role=button], [role=radio], [role=link], tr[tabindex]';
const NATIVE = 'button, a, input, textarea, select, summary';

function onKey(event: KeyboardEvent): void {
  if (event.key === 'Escape') document.querySelector<HTMLElement>('.van-image-preview__close-icon')?.click();
  const it = event.target;
  if (!(it instanceof HTMLElement) || it.closest(NATIVE) || event.defaultPrevented) return;
  if ((event.key === 'Enter' || event.key === ' ') && it.matches(PRESSED)) {
    event.preventDefault();
    it.click();
  }
  if ((event.key === 'ArrowRight' || event.key === 'ArrowLeft') && it.matches('[role=tab]')) {
    const tabs = [...(it.closest('[role=tablist]')?.querySelectorAll<HTMLElement>('[role=tab]') ?? [])];
    const next = tabs[tabs.indexOf(it) + (event.key === 'ArrowRight' ? 1 : -1)];
    next?.focus();
    next?.click();
  }
}

export function listenToKeys(): void {
  document.addEventListener('keydown', onKey);
}
