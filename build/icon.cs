#!/usr/bin/env dotnet
// Draws build/icon.png, the packages' icon: layers of a network, smaller and more towards the end. Run it in the repository's folder:
//   dotnet run build/icon.cs
#:package SkiaSharp
#:package SkiaSharp.NativeAssets.Linux.NoDependencies
#:property PublishAot=false
using SkiaSharp;

const int size = 128;
(float X, float Height, SKColor Color)[] layers =
[
    (20, 92, SKColor.Parse("#2b6cb0")), (36, 76, SKColor.Parse("#3182ce")), (54, 60, SKColor.Parse("#4299e1")),
    (72, 44, SKColor.Parse("#63b3ed")), (90, 28, SKColor.Parse("#f6ad55")),
];
using var surface = SKSurface.Create(new SKImageInfo(size, size));
using var paint = new SKPaint { IsAntialias = true };
surface.Canvas.Clear(SKColors.Transparent);
paint.Color = SKColor.Parse("#1a202c");
surface.Canvas.DrawRoundRect(0, 0, size, size, 22, 22, paint);
foreach (var (x, height, color) in layers)
{
    // A layer, seen from the side: taller than wide, leaning back.
    const float width = 14, lean = 8;
    float top = (size - height) / 2;
    using var shape = new SKPath();
    shape.AddPoly([new(x, top + lean), new(x + width, top), new(x + width, top + height - lean), new(x, top + height)]);
    paint.Color = color;
    surface.Canvas.DrawPath(shape, paint);
}
using var image = surface.Snapshot();
using var png = image.Encode(SKEncodedImageFormat.Png, 100);
File.WriteAllBytes("build/icon.png", png.ToArray());
