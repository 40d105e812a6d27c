/** Bytes that come in pieces. */
export interface Keeper {
  /** Takes a piece; false when that is more than is taken. */
  readonly add: (piece: Uint8Array) => boolean
  readonly bytes: () => Buffer
}

/**
 * How many pieces are taken: a server that sends byte by byte costs time for each. Lines of /metrics as chunks of their own have some 60
 * bytes each.
 */
const fewPieces = 10_000
const smallPiece = 64

/** Bytes of the first block, and of the others: most answers are small. */
const firstBlock = 4096
const nextBlock = 65_536

/**
 * Keeps bytes in blocks of its own. The pieces themselves are let go: each may be a corner of a large buffer of the socket, and a list of
 * pieces of one byte costs a thousand times what it says. No block is ever copied into a larger one: what grew so would leave as much behind.
 *
 * @param largest - bytes that are taken
 */
export const makeKeeper = (largest: number): Keeper => {
  const blocks: Buffer[] = []
  let size = 0
  let room = 0
  let pieces = 0
  return {
    add: (piece) => {
      pieces++
      if (size + piece.length > largest || pieces > fewPieces + size / smallPiece) return false
      for (let taken = 0; taken < piece.length;) {
        if (room === 0) {
          room = blocks.length === 0 ? firstBlock : nextBlock
          blocks.push(Buffer.allocUnsafeSlow(room))
        }
        const block = blocks.at(-1) as Buffer
        const part = piece.subarray(taken, taken + room)
        block.set(part, block.length - room)
        room -= part.length
        taken += part.length
        size += part.length
      }
      return true
    },
    bytes: () => Buffer.concat(blocks, size),
  }
}
