type English = { one: string; other: string };
type Russian = { one: string; few: string; many: string; other: string };

function chooser<Forms extends { other: string }>(locale: string) {
  const rules = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  /** `#` in the chosen form stands for the number, written as the language writes it. */
  return (n: number, forms: Forms): string => {
    const form = (forms as Record<string, string>)[rules.select(n)] ?? forms.other;
    return form.replaceAll("#", numbers.format(n));
  };
}

export const english = chooser<English>("en");
export const russian = chooser<Russian>("ru");
