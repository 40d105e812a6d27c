/** What may be wrong, in words: what it means, and what to do next. */
interface Words {
  readonly means: string
  readonly try: string
}

/**
 * Every cause of a check inside the cluster that is not good. NAMESPACE and NAME stand for those of the object. Sources:
 * facts/microshift.md (how manifests are applied, known problems), facts/kserve.md.
 */
export const clusterCauses = {
  // No answer to go by
  'api-unknown-host': {
    means: 'the name of the API server does not resolve',
    try: 'look at clusters.server in the kubeconfig, and at DNS; MicroShift makes a kubeconfig for each name of the device below /var/lib/microshift/resources/kubeadmin',
  },
  'api-nobody-there': {
    means:
      'nothing listens at the address of the API server: the device is off, MicroShift does not run, or a firewall is between',
    try: 'on the device: systemctl status microshift; firewall-cmd --list-ports has 6443/tcp',
  },
  'api-no-answer': {
    means: 'the API server does not answer in time: it starts, is overloaded, or a firewall drops what is sent',
    try: 'a larger --timeout; on the device: journalctl -u microshift',
  },
  'api-certificate': {
    means:
      "the API server's certificate is not signed by the CA of the kubeconfig, or is for another name: the kubeconfig is another device's, or MicroShift was installed anew",
    try: 'take the kubeconfig from the device again: /var/lib/microshift/resources/kubeadmin/NAME/kubeconfig, and set its name in apiServer.subjectAltNames of /etc/microshift/config.yaml',
  },
  'api-tls-failed': {
    means: 'the TLS connection failed: what listens there speaks no TLS, or refuses the client certificate',
    try: 'look at clusters.server and at the client certificate in the kubeconfig',
  },
  'api-connection-cut': {
    means: 'the connection was cut before an answer came: the API server restarts, or something between resets it',
    try: 'try again; on the device: systemctl status microshift',
  },
  'api-credentials': {
    means: 'the credentials of the kubeconfig cannot be used',
    try: 'look at users in the kubeconfig: its files, and the program of exec',
  },
  'api-not-authorized': {
    means: 'the API server does not know who asks: the token or the client certificate is wrong or has expired',
    try: 'oc create token edge-verify -n NAMESPACE, or take the kubeconfig from the device again',
  },
  'api-forbidden': {
    means:
      'the API server does not let that user read this; where the Roles of the bundle are used, that is so too when the namespace was deleted, and they with it',
    try: 'as an administrator: oc apply -f probes/rbac.yaml (of the bundle); then use the ServiceAccount edge-verify',
  },
  'api-not-found': { means: 'the API server has no such resource', try: 'see what came' },
  'api-overloaded': {
    means: 'the API server takes no more requests for now',
    try: 'try again later; on the device: journalctl -u microshift',
  },
  'api-error': {
    means: 'the API server failed while it worked on the request',
    try: 'on the device: journalctl -u microshift',
  },
  'api-list-expired': {
    means: 'the list changed faster than it could be read, again and again',
    try: 'look at what makes so many objects: oc get events,pods -n NAMESPACE',
  },
  'api-too-large': {
    means: 'the answer is larger than a device has objects',
    try: 'look at what listens there, and at the number of pods and events in the namespace',
  },
  'api-unexpected': {
    means: 'the answer is not one of an API server',
    try: 'look at clusters.server and proxy-url in the kubeconfig',
  },

  // What the bundle applies
  'namespace-missing': {
    means:
      'the manifests of the bundle were not applied: they are not where MicroShift looks, or an apply before them fails',
    try: 'on the device: ls /etc/microshift/manifests.d /usr/lib/microshift/manifests.d; journalctl -u microshift | grep -i kustom',
  },
  'namespace-ending': {
    means: 'the namespace is being deleted and waits for what is in it',
    try: 'oc get namespace NAMESPACE -o yaml: its conditions say for what; InferenceServices wait for the controller of KServe',
  },
  'kserve-missing': {
    means: 'KServe is not installed, or not yet: its resources are unknown',
    try: 'on the device: rpm -q microshift-ai-model-serving; oc get pods -n redhat-ods-applications',
  },
  'routes-unknown': {
    means: 'the cluster knows no Routes: it is no MicroShift, or its router is off',
    try: 'oc api-resources --api-group=route.openshift.io; ingress.status in /etc/microshift/config.yaml',
  },
  'runtime-missing': {
    means: 'the ServingRuntime is not there: the manifests of the bundle were not applied, or not all',
    try: 'on the device: journalctl -u microshift | grep -i kustom',
  },
  'runtime-other': {
    means: "the ServingRuntime is not the bundle's: this bundle was not applied yet, or somebody changed the object",
    try: 'oc get servingruntime NAME -n NAMESPACE -o yaml; systemctl restart microshift applies the manifests again',
  },
  'service-missing': {
    means:
      'the InferenceService is not there: the manifests of the bundle were not applied, or the webhook of KServe refused it',
    try: 'on the device: journalctl -u microshift | grep -i kustom; oc get pods -n redhat-ods-applications',
  },
  'service-other': {
    means:
      "the InferenceService is not the bundle's: yesterday's bundle is still in force, or somebody changed the object",
    try: 'oc get inferenceservice NAME -n NAMESPACE -o yaml; systemctl restart microshift applies the manifests again',
  },
  'service-not-ready': {
    means: 'KServe says that the InferenceService is not ready',
    try: 'oc describe inferenceservice NAME -n NAMESPACE',
  },
  'service-not-seen': {
    means: 'KServe did not look at the InferenceService yet, or its controller does not run',
    try: 'oc get pods -n redhat-ods-applications; oc logs -n redhat-ods-applications deployment/kserve-controller-manager',
  },

  'service-behind': {
    means:
      'KServe did not carry out the last change of the InferenceService: it is still at it, or it cannot, and the pods are from before',
    try: 'oc logs -n redhat-ods-applications deployment/kserve-controller-manager; oc delete deployment NAME-predictor -n NAMESPACE: KServe makes it anew',
  },
  'object-missing': {
    means: 'the object is not there: the manifests of the bundle were not applied, or not all',
    try: 'on the device: journalctl -u microshift | grep -i kustom',
  },
  'object-other': {
    means: "the object is not the bundle's: this bundle was not applied yet, or somebody changed the object",
    try: 'oc get NAME -n NAMESPACE -o yaml; systemctl restart microshift applies the manifests again',
  },

  // What KServe makes of it
  'deployment-behind': {
    means:
      'the Deployment is from another InferenceService or ServingRuntime than the bundle has: KServe is still at it, or it cannot change it',
    try: 'oc logs -n redhat-ods-applications deployment/kserve-controller-manager; oc delete deployment NAME-predictor -n NAMESPACE: KServe makes it anew',
  },
  'deployment-missing': {
    means: 'KServe made no Deployment of the InferenceService',
    try: 'oc describe inferenceservice NAME -n NAMESPACE; oc logs -n redhat-ods-applications deployment/kserve-controller-manager',
  },
  'deployment-unavailable': {
    means: 'too few pods of the model are available',
    try: 'oc describe deployment NAME-predictor -n NAMESPACE; oc logs of the pod',
  },
  'rollout-unfinished': {
    means: 'pods of an older version answer still, and those of the newer one are not all available',
    try: 'oc rollout status deployment/NAME-predictor -n NAMESPACE',
  },
  'image-not-pulled': {
    means: 'an image of the pod is neither on the device nor to be had from its registry',
    try: 'on the device: crictl images; compare with images/images.txt of the bundle; for private registries a pull secret',
  },
  unschedulable: {
    means: 'no node can take the pod: a resource that it asks for is missing or used up',
    try: 'oc describe node: Allocatable and Allocated resources; a GPU needs its device plugin; with one GPU the strategy Recreate',
  },
  'pod-crashes': {
    means: 'a container of the pod ends again and again',
    try: 'oc logs --previous of the pod, container kserve-container',
  },
  'pod-out-of-memory': {
    means: 'a container of the pod was ended because it took more memory than it may',
    try: 'set more in resources.limits.memory of the model',
  },
  'pod-not-made': {
    means: 'the pod cannot be made: a quota, a security context constraint or a webhook refuses it',
    try: 'oc describe replicaset -n NAMESPACE: its events say who refused',
  },
  'pod-not-started': {
    means: 'a container of the pod cannot be started',
    try: 'oc describe pod -n NAMESPACE: its events; a Secret or ConfigMap that it names may be missing',
  },
  'route-missing': {
    means: 'the Route is not there: the manifests of the bundle were not applied, or not all',
    try: 'on the device: journalctl -u microshift | grep -i kustom',
  },
  'route-other': {
    means: "the Route is not the bundle's: the overlay of another site was applied, or somebody changed it",
    try: 'oc get route -n NAMESPACE -o yaml; on the device: ls -l /etc/microshift/manifests.d',
  },
  'route-not-admitted': {
    means: 'the router does not serve the Route: another Route has its host, or its certificate cannot be used',
    try: 'oc get routes -A; oc describe route -n NAMESPACE',
  },
  'route-not-seen': {
    means: 'the router did not look at the Route yet, or does not run',
    try: 'oc get pods -n openshift-ingress',
  },
  'pod-other-image': {
    means: 'a pod runs another image than the bundle names: it is from before the update, or something changes pods',
    try: 'oc get pods -n NAMESPACE -o yaml; oc rollout restart deployment/NAME-predictor -n NAMESPACE',
  },
  'pod-other-digest': {
    means:
      'what runs under that name has another digest than the bundle gives: the image was replaced on the device, or the digest is that of an index of several architectures and the device names the image in it',
    try: 'on the device: crictl inspecti IMAGE; on a connected machine: skopeo inspect --raw docker://IMAGE shows what an index holds',
  },
  'config-missing': {
    means: "KServe's ConfigMap is not there: KServe is not installed",
    try: 'on the device: rpm -q microshift-ai-model-serving; oc get configmaps -n NAMESPACE',
  },
  'config-drift': {
    means:
      "KServe's configuration is not what the bundle applies: it was not applied yet, a later directory of manifests applies another, or somebody changed it",
    try: 'on the device: ls /etc/microshift/manifests.d /usr/lib/microshift/manifests.d; systemctl restart microshift; then oc rollout restart deployment/kserve-controller-manager -n NAMESPACE',
  },
} satisfies Record<string, Words>

/** How the words for a cause are found. */
export type ClusterCause = keyof typeof clusterCauses
