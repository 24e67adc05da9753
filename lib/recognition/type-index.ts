/** Some kinds, the likeliest first. */
export type AtLeastOne<Kind> = readonly [Kind, ...Kind[]]

/** The kinds that each `typeMessage` or `typeWebhook` announces, the one that is named after it first. */
export class TypeIndex<Kind extends { readonly name: string }> extends Map<string, AtLeastOne<Kind>> {
  add (type: string, kind: Kind): void {
    const kinds = this.get(type)
    if (kinds === undefined) this.set(type, [kind])
    else this.set(type, kind.name === type ? [kind, ...kinds] : [...kinds, kind])
  }

  /** Every type's kinds, then those that the other index has of it. */
  followedBy (other: TypeIndex<Kind>): Map<string, AtLeastOne<Kind>> {
    return new Map([...this].map(([type, kinds]) => [type, [...kinds, ...other.get(type) ?? []]]))
  }
}
