/** Waits, unless the signal says that it is over. */
export const sleep = async (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, Math.max(0, milliseconds))
    if (signal?.aborted === true) end()
    else signal?.addEventListener('abort', end)
  })
