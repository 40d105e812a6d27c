/** What Python's web servers take a certificate by: vLLM, SGLang, KServe's Python server and whatever starts uvicorn with its own options. */
export const uvicornTls = ['--ssl-certfile', '--ssl-keyfile'] as const
