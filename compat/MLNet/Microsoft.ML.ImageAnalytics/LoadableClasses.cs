using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

// The classes that a model file can name.
[assembly: LoadableClass(typeof(ImageLoadingTransformer), null, typeof(SignatureLoadModel), "", ImageLoadingTransformer.LoaderSignature)]
[assembly: LoadableClass(typeof(ImageResizingTransformer), null, typeof(SignatureLoadModel), "Image Resizer Transform", ImageResizingTransformer.LoaderSignature)]
[assembly: LoadableClass(typeof(ImagePixelExtractingTransformer), null, typeof(SignatureLoadModel), "Image Pixel Extractor Transform", ImagePixelExtractingTransformer.LoaderSignature)]
[assembly: LoadableClass(typeof(ImageGrayscalingTransformer), null, typeof(SignatureLoadModel), "Image Greyscale Transform", ImageGrayscalingTransformer.LoaderSignature)]
[assembly: LoadableClass(typeof(VectorToImageConvertingTransformer), null, typeof(SignatureLoadModel), "Vector To Image Transform", VectorToImageConvertingTransformer.LoaderSignature)]
