/** A length as four bytes, the lowest first. */
export const littleEndian = (length: number): Uint8Array =>
  new Uint8Array([length, length >> 8, length >> 16, length >> 24])
