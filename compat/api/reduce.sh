#!/bin/sh
# Writes the compact listing of the published TorchSharp: reduce.sh FULL_LISTING > TorchSharp.txt
# FULL_LISTING has "type  kind  signature" on each line. Here a type's name stands once, after "= ", above its members, and what
# comes often is abbreviated, see below. Parts that nothing here implements are left out, to keep the file small.
set -eu
echo '# Abbreviated: ~ TorchSharp.torch.  ^ System.Collections.Generic.  % ~ScalarType? dtype = null, ~Device device = null, bool requires_grad = false'
echo '# At the start of a line: > method  public static ~Tensor   < method  public ~Tensor'
grep -v '^TorchSharp\.\(torch\.\(distributions\|jit\|hub\|fft\|special\|linalg\|utils\|nn\.utils\.rnn\|nn\.IModule<T1, T2, T3, T4\)\|Data\|Utils\.\(tensorboard\|BigEndian\|CRC\)\|Modules\.\(Transformer\|Multihead\|RNN\|LSTM\|GRU\|Embedding\|[A-Za-z]*DataLoader\|Distrib\|[A-Za-z]*Pad[123]d\|[A-Za-z]*3d  \|Sequential<\)\)' "$1" |
awk -F'  ' '
    / ## / { skip = /torch\.distributions\./ || /torch\.optim\.lr_scheduler\.impl\.Cyclic/ }
    /^#/ || skip || /Complex|\(float, float\)|\[Obsolete\] public static|torch  method .* (stft|istft|histogram|lu|kaiser|hamming|lobpcg|quantized)[a-z_0-9]*\(/ { next }
    {
        if ($1 != last) print "= " $1
        last = $1
        print substr($0, length($1) + 3)
    }' |
sed -e '/^= /!s/TorchSharp\.torch\./~/g' -e '/^= /!s/System\.Collections\.Generic\./^/g' \
    -e 's/~ScalarType? dtype = null, ~Device device = null, bool requires_grad = false/%/' \
    -e 's/^method  public static ~Tensor /> /' -e 's/^method  public ~Tensor /< /'
