# What the cluster has against what the bundle wants: a line for each difference, none when the live objects are the bundle's.
#
# Input: the list of InferenceServices, ServingRuntimes and Deployments that oc gives. $wanted: an entry of device.json's `expected`.
# The Deployments count as well: for a moment after an update the InferenceService is new and its Deployment is yesterday's, and ready.

def live($kind; $name): [.items[] | select(.kind == $kind and .metadata.name == $name)] | first;

def compared($what; $is; $wants): if $is == $wants then empty else "\($what) is \($is // "not set"), this bundle's is \($wants)" end;

def service($wants):
  if . == null then "InferenceService \($wants.name) is not there"
  else compared("InferenceService \($wants.name): storageUri"; .spec.predictor.model.storageUri; $wants.storageUri) end;

def runtime($wants):
  if . == null then "ServingRuntime \($wants.name) is not there"
  else
    .spec.containers as $containers
    | $wants.images[]
    | compared("ServingRuntime \($wants.name): image of \(.container)"; .container as $name | [$containers[]? | select(.name == $name) | .image] | first; .image)
  end;

# KServe writes the model's source on the template of the pods, for its webhook.
def source: .spec.template.metadata.annotations["internal.serving.kserve.io/storage-initializer-sourceuri"] // "" | select(startswith("oci://"));

def deployment($name; $service; $runtime):
  if . == null then "Deployment \($name) is not there"
  else
    (if $service == null then empty else compared("Deployment \($name): the model of its pods"; source; $service.storageUri) end),
    # A model may name an image of its own; then the runtime's is not asked for.
    (.spec.template.spec.containers as $containers
      | ($runtime.images // [])[]
      | .container as $container | .image as $image
      | $containers[]? | select(.name == $container)
      | compared("Deployment \($name): image of \($container)"; .image; $image)),
    (select(.status.observedGeneration != null and .status.observedGeneration < .metadata.generation) | "Deployment \($name): its last change is not taken up yet")
  end;

. as $cluster
| (($wanted.inferenceServices // [])[] as $wants | $cluster | live("InferenceService"; $wants.name) | service($wants)),
  (($wanted.servingRuntimes // [])[] as $wants | $cluster | live("ServingRuntime"; $wants.name) | runtime($wants)),
  (($wanted.deployments // [])[] as $name
    | ([($wanted.inferenceServices // [])[] | select("\(.name)-predictor" == $name)] | first) as $service
    | ($service | if . == null then null else .name as $model | $cluster | live("InferenceService"; $model) | .spec.predictor.model end) as $model
    | ([($wanted.servingRuntimes // [])[] | select(.name == $model.runtime and $model.image == null)] | first) as $runtime
    | $cluster | live("Deployment"; $name) | deployment($name; $service; $runtime))
