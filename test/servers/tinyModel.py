"""A Llama with two small layers and a vocabulary of letters, for vLLM with --load-format dummy. Heads of 64: vLLM on a CPU
has no smaller ones. Argument: a directory."""
import string
import sys

from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, PreTrainedTokenizerFast

directory = sys.argv[1]
words = ["<s>", "</s>", "<unk>", *string.printable]
tokenizer = Tokenizer(models.WordLevel({word: index for index, word in enumerate(words)}, unk_token="<unk>"))
tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
tokenizer.decoder = decoders.Fuse()
PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", unk_token="<unk>").save_pretrained(directory)
config = LlamaConfig(vocab_size=len(words), hidden_size=128, intermediate_size=128, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=2, max_position_embeddings=256, bos_token_id=0, eos_token_id=1)
config.architectures = ["LlamaForCausalLM"]
config.save_pretrained(directory)
