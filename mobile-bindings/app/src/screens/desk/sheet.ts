// A list as a file that an office opens in its spreadsheet.

/** A cell that begins like a formula is not taken for one. */
function cell(text: string): string {
  const plain = /^[\s]*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${plain.replaceAll('"', '""')}"`;
}

/** Comma-separated values with the mark by which spreadsheets know the encoding. */
export function sheet(head: string[], rows: string[][]): string {
  return '\ufeff' + [head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
}

/** Gives a file to whoever sits in front; it never leaves the browser otherwise. */
export function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download has begun with the click; the address may only go when the browser has it.
  window.setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
