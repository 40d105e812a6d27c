# What the cluster has against what the bundle wants: a line for each difference, none when the live objects are the bundle's.
#
# Input: the list of InferenceServices, ServingRuntimes and Deployments that oc gives. $wanted: an entry of device.json's `expected`.
# The Deployments count as well: for a moment after an update the InferenceService is new and its Deployment is yesterday's, and ready.

def live($kind; $name): [.items[] | select(.kind == $kind and .metadata.name == $name)] | first;

def compared($what; $is; $wants): if $is == $wants then empty else "\($what) is \($is // "not set"), this bundle's is \($wants)" end;

# What has no content may be left out on the way to the cluster.
def absent: . == null or . == "" or . == false or . == [] or . == {};

# Whether all that is wanted is there: the API server and KServe add defaults to objects. Lists are compared as a whole.
def within($is; $wants):
  if $wants | absent then ($is | absent) or $wants == {}
  elif ($wants | type) == "object" then ($is | type) == "object" and all($wants | keys[]; within($is[.]; $wants[.]))
  elif ($wants | type) == "array" then ($is | type) == "array" and ($is | length) == ($wants | length) and all(range(0; $wants | length); within($is[.]; $wants[.]))
  else $is == $wants end;

# A quantity as a number, since KServe writes 1000m as 1; what is none stays as it is.
def quantity:
  tostring
  | if test("^[0-9.]+([eE][+-]?[0-9]+)?$") then tonumber
    elif test("^[0-9.]+([numkMGTPE]|[KMGTPE]i)$") then
      (capture("^(?<number>[0-9.]+)(?<suffix>[A-Za-z]+)$") | {number: (.number | tonumber), suffix}) as $read
      | {n: 1e9, u: 1e6, m: 1e3}[$read.suffix] as $part
      | if $part != null then $read.number / $part
        else $read.number * {k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18, Ki: 1024, Mi: 1048576, Gi: 1073741824, Ti: 1099511627776, Pi: 1125899906842624, Ei: 1152921504606846976}[$read.suffix] end
    else . end;
def each_quantity: with_entries({key: .key, value: (.value | quantity)});
def quantities: {limits: (.limits // {} | each_quantity), requests: (.requests // {} | each_quantity)};

# Values stay out of the journal: arguments and variables may hold what is nobody's business.
def same($what; $is; $wants): if within($is; $wants) then empty else "\($what) is not this bundle's" end;

def service($wants):
  if . == null then "InferenceService \($wants.name) is not there"
  else
    "InferenceService \($wants.name)" as $name
    | .spec.predictor as $is
    | $wants.predictor as $predictor
    | compared("\($name): storageUri"; $is.model.storageUri; $wants.storageUri),
      (if $predictor == null then empty
        else
          ($predictor | keys[] | select(. != "model") | . as $field | compared("\($name): \($field)"; $is[$field]; $predictor[$field])),
          ("args", "env" | . as $field | same("\($name): \($field)"; $is.model[$field]; $predictor.model[$field])),
          same("\($name): resources"; $is.model.resources | quantities; $predictor.model.resources | quantities)
        end)
  end;

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
