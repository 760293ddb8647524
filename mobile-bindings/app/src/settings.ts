// Light, size and contrast of the page, kept on this device.
import { reactive, watchEffect } from 'vue';

type Theme = 'auto' | 'light' | 'dark' | 'contrast';
type Text = 'normal' | 'large' | 'largest';

function kept<T extends string>(name: string, otherwise: T): T {
  return (localStorage.getItem(name) as T | null) ?? otherwise;
}

export const settings = reactive({
  theme: kept<Theme>('theme', 'auto'),
  text: kept<Text>('text', 'normal'),
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
