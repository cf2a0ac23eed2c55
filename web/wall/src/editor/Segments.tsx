interface Props<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly (readonly [value: T, name: string])[];
  readonly onChoose: (value: T) => void;
  /** Each name is in the language it names. */
  readonly areTongues?: boolean;
}

/** One of a few, all of them to be seen. */
export function Segments<T extends string>({ label, value, choices, onChoose, areTongues }: Props<T>) {
  return (
    <div class="ed-seg" role="group" aria-label={label}>
      {choices.map(([one, name]) => (
        <button type="button" key={one} aria-pressed={one === value} lang={areTongues ? one : undefined} onClick={() => onChoose(one)}>
          {name}
        </button>
      ))}
    </div>
  );
}
