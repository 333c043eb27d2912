import type { Shape } from "./shapes";
import { Store, type Item } from "@/store";
import legacy = require("./legacy");
export * from "./all";

/** How things look. */
export interface Look<T> extends Shape, Named<T> {
  colour: string;
  paint(brush: Brush): void;
}

export enum Mode { Read, Write = 2 }
const enum Flag { On = "ö" }
export type Pair<T> = [T, T];

export abstract class Repo<T extends Item> extends Store<T> implements Look<T>, Named {
  private readonly cache = new Map<string, T>();
  static limit: number = 3;
  private handler = async (x: T): Promise<void> => { this.save(x); };

  constructor(private name: string) { super(); }

  @logged()
  async find(id: string): Promise<T | null> {
    const local = id;
    return this.cache.get(local) ?? null;
  }

  abstract save(x: T): void;
}

export function pick(a: string): string;
export function pick(a: number): number;
export function pick(a: any): any { return a; }

declare function outside(x: number): void;
export namespace Deep { export const inside = 1; }
declare module "virtual" { export function ghost(): void; }

export const twice = <T,>(x: T): Pair<T> => [x, x];

export function open(store: Store, path?: string, ...rest: Item[]): Handle {
  // The path may be missing.
  const handle: Handle = store.files.open(path!), other = new Handle<Item>(rest);
  const { first, second: renamed } = other;
  return handle as Wrapped;
}

@Injectable()
export default class Service {
  constructor(private readonly repo: Repo<Item>, public store?: Store) {}
}

describe("Repo", () => {
  it(`finds ünïcode`, () => {
    expect(open(shelf)).toBeDefined();
  });
});
