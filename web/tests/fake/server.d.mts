interface Fake {
  url: string;
  // biome-ignore lint/suspicious/noExplicitAny: the world is plain JavaScript that only tests look into
  state: any;
  // biome-ignore lint/suspicious/noExplicitAny: see above
  world: any;
  // biome-ignore lint/suspicious/noExplicitAny: see above
  sample: any;
  cut(down: boolean): void;
  close(): Promise<void>;
}
export const contentPolicy: string;
export function start(options?: { port?: number; language?: "en" | "ru"; empty?: boolean }): Promise<Fake>;
