/** Programs with what Python printed for them, as the scripts of test/truth write them. */
export interface PrintedPrograms {
  /** Stands before every program. */
  readonly prelude: string;
  readonly cases: readonly { readonly title: string; readonly text: string; readonly printed: string }[];
}
