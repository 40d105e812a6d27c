"""A model on KServe's Python server: the mean of each channel of a picture, or of tensors. Arguments: its name, a port."""
import sys

import cv2
import numpy as np
from kserve import InferOutput, InferRequest, InferResponse, Model, ModelServer


class Means(Model):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.ready = True

    def predict(self, payload: InferRequest, headers=None, response_headers=None) -> InferResponse:
        values = []
        for tensor in payload.inputs:
            if tensor.datatype == "BYTES":
                data = cv2.imdecode(np.frombuffer(tensor.data[0].encode(), np.uint8), cv2.IMREAD_COLOR)
            else:
                data = tensor.as_numpy()
            values.append(np.asarray(data, np.float64).reshape(-1).mean())
        output = InferOutput(name="means", shape=[len(values)], datatype="FP64")
        output.set_data_from_numpy(np.array(values), binary_data=False)
        return InferResponse(response_id=payload.id or "1", model_name=self.name, infer_outputs=[output])


if __name__ == "__main__":
    ModelServer(http_port=int(sys.argv[2]), enable_grpc=False, workers=1).start([Means(sys.argv[1])])
