let count = 0

/** What a good device says: OVMS as `edge rehearse` has it. Gives status and body. */
export const answerOf = (url) => {
  const json = (value) => ({ status: 200, type: 'application/json', body: JSON.stringify(value) })
  if (url.includes('no-such-model')) return { status: 404, body: '' }
  if (url === '/metrics')
    return {
      status: 200,
      body: `ovms_requests_success{api="KServe",interface="REST",method="ModelInfer",name="vision",version="1"} ${count++}\n`,
    }
  if (url.endsWith('/ready')) return { status: 200, body: '' }
  if (url.endsWith('/infer'))
    return json({
      model_name: 'vision',
      model_version: '1',
      outputs: [
        {
          name: '1463',
          shape: [1, 1000],
          datatype: 'FP32',
          data: Array.from({ length: 1000 }, (_, index) => (index === 309 ? 9 : 0.5)),
        },
      ],
    })
  return json({
    name: 'vision',
    versions: ['1'],
    platform: 'OpenVINO',
    inputs: [{ name: '0', datatype: 'FP32', shape: [1, 224, 224, 3] }],
    outputs: [{ name: '1463', datatype: 'FP32', shape: [1, 1000] }],
  })
}

/** A listener for good devices, of node:http or node:https. */
export const goodDevice = (request, response) => {
  request.resume()
  request.on('end', () => {
    const { status, type, body } = answerOf(request.url ?? '')
    response.writeHead(status, type === undefined ? {} : { 'Content-Type': type }).end(body)
  })
}
