using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Sequential Sequential() => new();

            public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) => Chain(modules);

            public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) => Chain(modules);

            public static Sequential Sequential(params Tuple<string, Module<Tensor, Tensor>>[] modules) => Chain(modules.Select(m => (m.Item1, m.Item2)));

            public static Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules) => Chain(modules);

            public static Sequential Sequential(IEnumerable<Tuple<string, Module<Tensor, Tensor>>> modules) => Chain(modules.Select(m => (m.Item1, m.Item2)));

            public static Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules) => Chain(modules);

            private static Sequential Chain(IEnumerable<(string, Module<Tensor, Tensor>)> modules)
            {
                var chain = new Sequential();
                foreach (var (name, module) in modules) chain.append(name, module);
                return chain;
            }

            private static Sequential Chain(IEnumerable<Module<Tensor, Tensor>> modules)
            {
                var chain = new Sequential();
                foreach (var module in modules) chain.append(module);
                return chain;
            }
        }
    }

    namespace Modules
    {
        /// <summary>Modules one after the other; each intermediate result is disposed as soon as the next module has used it.</summary>
        public class Sequential : nn.Module<Tensor, Tensor>
        {
            private readonly List<nn.IModule<Tensor, Tensor>> _modules = [];

            internal Sequential() : base(nameof(Sequential))
            {
            }

            protected Sequential(params (string name, nn.Module<Tensor, Tensor> submodule)[] modules) : this()
            {
                foreach (var (name, module) in modules) append(name, module);
            }

            protected Sequential(params nn.Module<Tensor, Tensor>[] modules) : this()
            {
                foreach (var module in modules) append(module);
            }

            public int Count => _modules.Count;

            public nn.IModule<Tensor, Tensor> this[int index] => _modules[index];

            /// <summary>A new chain of the modules in the range; it shares them with this one.</summary>
            public Sequential this[Range index]
            {
                get
                {
                    var (start, length) = index.GetOffsetAndLength(_modules.Count);
                    return Slice(start, start + length);
                }
            }

            public Sequential this[(int? start, int? end) index] => Slice(index.start ?? 0, index.end ?? _modules.Count);

            /// <summary>The name is the position.</summary>
            public Sequential append(nn.IModule<Tensor, Tensor> module) => append(_modules.Count.ToString(), module);

            public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
            {
                register_module(name, (nn.Module)module);
                _modules.Add(module);
                return this;
            }

            private Sequential Slice(int start, int end)
            {
                if (start < 0 || start > end || end > _modules.Count)
                    throw new IndexOutOfRangeException($"{start} to {end} is not a valid range for a chain of {_modules.Count} modules.");
                var names = _internal_submodules.keys().ToArray();
                var slice = new Sequential();
                for (var i = start; i < end; i++) slice.append(names[i], _modules[i]);
                return slice;
            }

            public override Tensor forward(Tensor tensor)
            {
                if (_modules.Count == 0) return tensor.alias();
                var current = tensor;
                for (var i = 0; i < _modules.Count; i++)
                {
                    var (norm, pool) = (NormBeforeRelu(i), PoolAt(i + 2));
                    var next = norm is null ? _modules[i].call(current) : pool is null ? norm.ForwardRelu(current) : norm.ForwardReluPool(current, pool);
                    if (norm is not null) i += pool is null ? 1 : 2;
                    if (!ReferenceEquals(current, tensor) && !ReferenceEquals(current, next)) current.Dispose();
                    current = next;
                }
                return current;
            }

            // In training, the norm at this position where a ReLU comes next: the two are one pass, and nobody sees what is between them.
            private BatchNorm2d NormBeforeRelu(int index) =>
                index + 1 < _modules.Count && _modules[index] is BatchNorm2d { training: true, HasHooks: false } norm && _modules[index + 1] is ReLU { HasHooks: false }
                    ? norm
                    : null;

            private MaxPool2d PoolAt(int index) => index < _modules.Count && _modules[index] is MaxPool2d { HasHooks: false, IsPlain: true } pool ? pool : null;
        }
    }
}
