/** What may be wrong, in words: what it means, and what to do next. */
interface Words {
  readonly means: string
  readonly try: string
}

/**
 * Every cause of a failed probe; probes.json carries the words, so that the script and `edge verify` say the same. Sources:
 * facts/model-servers.md, facts/microshift.md (network).
 */
export const causes = {
  // Nobody answers
  'unknown-host': {
    means: 'the address of the device does not resolve',
    try: 'give --host the IP address of the device',
  },
  'nobody-there': {
    means:
      'nothing listens at that address: the device is off, another one, behind a firewall, or its router does not run',
    try: 'look on the device: systemctl status microshift; firewall-cmd --list-ports has 80/tcp and 443/tcp',
  },
  'not-asked': { means: 'the request could not be made', try: 'ask once by hand with curl -v' },
  'ca-unusable': { means: 'the file of --ca-file is no certificate', try: 'give the CA of the router as PEM' },
  // Something between
  certificate: {
    means: "the router's certificate is not signed by a CA that is trusted here, or is for another host",
    try: 'give --ca-file: /var/lib/microshift/certs/ingress-ca/ca.crt of the device; its certificate is for *.apps. and dns.baseDomain of the device',
  },
  'tls-failed': {
    means: 'the TLS connection failed: what listens there does not speak TLS, or not for this host',
    try: 'compare --scheme and the port with the Route',
  },
  'not-admitted': {
    means: 'the connection was cut, as the router does for addresses that are not in the allow-list of the Route',
    try: 'ask from an admitted address, or on the device with --direct',
  },
  'connection-cut': {
    means: 'the connection was cut before an answer came: the server ended, restarts, or a firewall resets it',
    try: 'oc get pods -n NAMESPACE shows restarts; oc logs -n NAMESPACE -l serving.kserve.io/inferenceservice=MODEL -c kserve-container --tail=50 --previous',
  },
  'no-answer': {
    means: 'the connection stands and no answer comes: the engine hangs, is overloaded, or needs longer than --timeout',
    try: 'oc logs -n NAMESPACE -l serving.kserve.io/inferenceservice=MODEL -c kserve-container --tail=50; a larger --timeout for slow generations, and for large pictures on slow lines',
  },
  'too-large': {
    means: 'the answer is larger than 8 MiB',
    try: 'look at what listens there: it is not what was asked for',
  },
  'no-pod': {
    means: 'the router has no pod for that host: the pod is not ready yet or fails, or there is no such Route',
    try: 'oc get inferenceservice,pods,routes -n NAMESPACE; give --wait while it starts',
  },
  'router-timeout': { means: 'the router gave up waiting for the server', try: 'set expose.timeout, or ask for less' },
  redirected: {
    means: 'the answer leads elsewhere; the router does so for HTTP to a Route that speaks TLS',
    try: 'leave --scheme out; look at what listens there',
  },
  'router-answers': {
    means: 'a page of the router came, not an answer of the server',
    try: 'oc get route -n NAMESPACE: host, path and target port',
  },
  'no-pod-address': {
    means: 'no pod of the model runs',
    try: 'oc get inferenceservice,pods -n NAMESPACE; oc describe pods -n NAMESPACE -l serving.kserve.io/inferenceservice=MODEL',
  },
  'oc-fails': {
    means: 'oc cannot ask the cluster for the pod',
    try: 'oc get pods -n NAMESPACE; as root on the device, or with KUBECONFIG',
  },
  'not-listening': {
    means: 'the pod runs and does not listen yet',
    try: 'give --wait while it loads; oc logs -n NAMESPACE -l serving.kserve.io/inferenceservice=MODEL -c kserve-container --tail=50',
  },
  // The server
  'not-authorized': {
    means: 'the server wants an API key, or another one',
    try: 'give --token-file: a file with the key alone; it is sent to models whose spec has auth',
  },
  'not-loaded': {
    means:
      'the server runs and does not have the model: it is not loaded yet, failed to load, or is served under another name',
    try: 'give --wait while it loads; oc logs -n NAMESPACE -l serving.kserve.io/inferenceservice=MODEL -c kserve-container --tail=50',
  },
  'not-ready': {
    means: 'the server says that it is not ready',
    try: 'give --wait while it starts; oc logs -n NAMESPACE -l serving.kserve.io/inferenceservice=MODEL -c kserve-container --tail=50',
  },
  'other-name': {
    means: 'the server serves another name than clients are told',
    try: 'compare args (--served-model-name, --model_name) and servedName with what came',
  },
  'other-input': {
    means: 'the model has no input of the name that the request uses',
    try: 'set infer.input to one of the inputs that came',
  },
  'layout-nchw': {
    means: 'the model takes pictures with their channels first, and the server was not told to turn them round',
    try: 'add --layout=NHWC:NCHW to args of the model',
  },
  'wrong-answer': {
    means:
      'the model answers, and not what is known to be right: it is another model or version, or the input reaches it in another form',
    try: 'compare source and args with the model that the answer is known of',
  },
  'not-json': {
    means: 'the answer is broken or no JSON',
    try: 'ask once by hand with curl -v; oc logs -n NAMESPACE -l serving.kserve.io/inferenceservice=MODEL -c kserve-container --tail=50',
  },
  'no-chat-template': { means: 'the model has no chat template', try: 'use complete in place of chat' },
  'no-such-path': {
    means: 'the server has no such path: it is another server, or another version',
    try: 'compare the runtime and its image with what the probe is for',
  },
  refused: { means: 'the server refuses the request', try: 'see what came: the server says why' },
  'server-error': {
    means: 'the server failed while it worked on the request',
    try: 'oc logs -n NAMESPACE -l serving.kserve.io/inferenceservice=MODEL -c kserve-container --tail=50',
  },
  'no-tokens': {
    means: 'the server answers and generates nothing',
    try: 'ask with more tokens; oc logs -n NAMESPACE -l serving.kserve.io/inferenceservice=MODEL -c kserve-container --tail=50',
  },
  'no-counter': {
    means: "the server's metrics lack the counter of good answers: it is another server, or another version",
    try: 'compare the runtime and its image with what the probe is for',
  },
  'metrics-off': { means: 'the server gives no metrics', try: 'start it with metrics (OVMS: --metrics_enable)' },
  'counter-stuck': {
    means: 'the server answered, and did not count the request: something else answers in its place',
    try: 'look at what stands between: a cache, a stub, another pod',
  },
  restarted: {
    means: 'the counter went back: the server restarted between two requests',
    try: 'oc get pods -n NAMESPACE shows restarts; oc logs -n NAMESPACE -l serving.kserve.io/inferenceservice=MODEL -c kserve-container --tail=50 --previous',
  },
  'any-name': {
    means: 'a model that does not exist is answered too, so that a good answer proves nothing',
    try: 'look at what listens there: a stub, or a server with a catch-all',
  },
  unexpected: { means: 'the answer is another one than expected', try: 'see what came' },
} satisfies Record<string, Words>
