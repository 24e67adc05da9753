/** Some kinds, the likeliest first. */
export type NonEmptyArray<Kind> = readonly [Kind, ...Kind[]]

/** The kinds that each `typeMessage` or `typeWebhook` announces, the one that is named after it first. */
export class KindRegistry<Kind extends { readonly name: string }> extends Map<string, NonEmptyArray<Kind>> {
  add (type: string, kind: Kind): void {
    const kinds = this.get(type)
    if (kinds === undefined) this.set(type, [kind])
    else this.set(type, kind.name === type ? [kind, ...kinds] : [...kinds, kind])
  }

  /** Every type's kinds, then those that the other index has of it. */
  mergedWith (other: KindRegistry<Kind>): Map<string, NonEmptyArray<Kind>> {
    return new Map([...this].map(([type, kinds]) => [type, [...kinds, ...other.get(type) ?? []]]))
  }
}
