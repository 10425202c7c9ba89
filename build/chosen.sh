# Sourced: says which build is meant. Exports MLNet (packages, compat or a folder) and Torch; sets outputs to the build's folder.
# First found wins: the environment variable MLNet, the choice kept by ./cnn setup. Both empty: MLNet stays empty.
MLNet=${MLNet:-$(sed -n 's:.*<MLNet[^>]*>\(.*\)</MLNet>.*:\1:p' artifacts/build-choice.props 2>/dev/null || true)}
case $MLNet in
  packages|compat) Torch=$MLNet; outputs=artifacts/$MLNet-$Torch ;;
  *) Torch=compat; outputs=artifacts/folder-compat ;;
esac
export MLNet Torch
