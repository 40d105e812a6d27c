/** Bytes that come in pieces. */
export interface Keeper {
  /** Takes a piece; false when that is more than is taken. */
  readonly add: (piece: Uint8Array) => boolean
  readonly bytes: () => Buffer
}

/** How many pieces are taken: a server that sends byte by byte costs time for each, and no answer needs so many. */
const mostPieces = 100_000

/**
 * Keeps bytes in one place that grows. The pieces themselves are let go: each may be a corner of a large buffer of the socket,
 * and a list of pieces of one byte costs a thousand times what it says.
 *
 * @param largest - bytes that are taken
 */
export const makeKeeper = (largest: number): Keeper => {
  let kept = Buffer.alloc(0)
  let size = 0
  let pieces = 0
  return {
    add: (piece) => {
      pieces++
      if (size + piece.length > largest || pieces > mostPieces) return false
      if (size + piece.length > kept.length) {
        const larger = Buffer.allocUnsafeSlow(Math.min(largest, Math.max(2 * kept.length, size + piece.length, 4096)))
        larger.set(kept.subarray(0, size))
        kept = larger
      }
      kept.set(piece, size)
      size += piece.length
      return true
    },
    bytes: () => kept.subarray(0, size),
  }
}
