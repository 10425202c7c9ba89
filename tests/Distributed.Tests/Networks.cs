using CnnTrainers.Architectures;
using static TorchSharp.torch;

namespace CnnTrainers.Distributed.Tests;

/// <summary>Networks whose gradients come in different orders.</summary>
internal static class Networks
{
    public static IEnumerable<(string Name, Func<nn.Module<Tensor, Tensor>> Make)> All =>
    [
        ("resnet18", () => ResNetVariant.ResNet18.CreateNetwork(new(3, 32, 32), 5, new Generator(1))),
        ("tied", () => new Wide(_ => true)),
        ("turning", () => new Wide(step => step > 0)),
    ];

    /// <summary>Large layers, of which the last comes again at the front: in every step, or in some.</summary>
    private sealed class Wide : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _first, _middle, _last;
        private readonly Func<int, bool> _isTied;
        private int _calls;

        public Wide(Func<int, bool> isTied) : base("wide")
        {
            (_first, _middle, _last, _isTied) = (nn.Linear(3072, 600), nn.Linear(600, 600), nn.Linear(600, 600), isTied);
            foreach (var (name, layer) in new[] { ("first", _first), ("middle", _middle), ("last", _last) })
            {
                foreach (var (_, parameter) in layer.named_parameters())
                    using (no_grad())
                        parameter.uniform_(-0.02, 0.02, new Generator((ulong)parameter.numel()));
                register_module(name, layer);
            }
        }

        public override Tensor forward(Tensor input)
        {
            var x = _first.call(input.flatten(1)).relu();
            if (_isTied(_calls++ / 2))
                x = _last.call(x).relu();
            return _last.call(_middle.call(x).relu());
        }
    }
}
