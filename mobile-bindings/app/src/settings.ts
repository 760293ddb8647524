// Light, size and contrast of the page, kept on this device.
import { reactive, watchEffect } from 'vue';

type Theme = 'auto' | 'light' | 'dark' | 'contrast';
type Text = 'normal' | 'large' | 'largest';

function stored<T extends string>(name: string, otherwise: T): T {
  return (localStorage.getItem(name) as T | null) ?? otherwise;
}

/** Whether the browser holds nothing of this page: applied settings are always there. */
export const settingsLost = localStorage.getItem('theme') === null;

export const settings = reactive({
  theme: stored<Theme>('theme', 'auto'),
  text: stored<Text>('text', 'normal'),
});

export function applySettings(): void {
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const theme = settings.theme === 'auto' ? (dark.matches ? 'dark' : 'light') : settings.theme;
    document.documentElement.dataset['theme'] = theme;
    document.documentElement.classList.toggle('van-theme-dark', theme === 'dark');
    document.documentElement.dataset['text'] = settings.text;
    localStorage.setItem('theme', settings.theme);
    localStorage.setItem('text', settings.text);
  };
  dark.addEventListener('change', apply);
  watchEffect(apply);
}
