using System.Collections;
using System.Diagnostics.CodeAnalysis;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static ModuleDict<Module> ModuleDict(params (string, Module)[] modules) => Named(modules);

            public static ModuleDict<T> ModuleDict<T>(params (string, T)[] modules) where T : Module => Named(modules);

            private static ModuleDict<T> Named<T>((string, T)[] modules) where T : Module
            {
                var dict = new ModuleDict<T>();
                foreach (var item in modules) dict.Add(item);
                return dict;
            }
        }
    }

    namespace Modules
    {
        /// <summary>Modules by name, in the order in which they came; it has no forward of its own.</summary>
        public class ModuleDict<T> : nn.Module, IDictionary<string, T>, IList<(string, T)> where T : nn.Module
        {
            private readonly OrderedDict<string, T> _dict = new();

            public ModuleDict() : base(nameof(ModuleDict<T>))
            {
            }

            public int Count => _dict.Count;

            public bool IsReadOnly => false;

            public ICollection<string> Keys => _dict.Keys;

            public ICollection<T> Values => _dict.Values;

            public IEnumerable<string> keys() => _dict.keys();

            public IEnumerable<T> values() => _dict.values();

            public IEnumerator<(string, T)> items() => _dict.items();

            public T this[string key]
            {
                get => _dict[key];
                set
                {
                    _dict[key] = value;
                    Register();
                }
            }

            public (string, T) this[int index]
            {
                get => _dict[index];
                set
                {
                    _dict[index] = value;
                    Register();
                }
            }

            protected override void RegisterComponents()
            {
            }

            private void Register()
            {
                ClearModules();
                foreach (var (name, value) in _dict) register_module(name, value);
            }

            public void Add(string key, T value)
            {
                _dict.Add(key, value);
                register_module(key, value);
            }

            public void Add((string, T) item) => Add(item.Item1, item.Item2);

            public void Add(KeyValuePair<string, T> item) => Add(item.Key, item.Value);

            public void Insert(int index, (string, T) item)
            {
                _dict.Insert(index, item);
                Register();
            }

            public bool Remove(string key)
            {
                var removed = _dict.Remove(key);
                Register();
                return removed;
            }

            public bool Remove((string, T) item) => Contains(item) && Remove(item.Item1);

            public bool Remove(KeyValuePair<string, T> item) => Contains(item) && Remove(item.Key);

            public void RemoveAt(int index) => Remove(_dict[index].Item1);

            public void Clear()
            {
                _dict.Clear();
                Register();
            }

            public void clear() => Clear();

            public bool ContainsKey(string key) => _dict.ContainsKey(key);

            public bool Contains((string, T) item) => _dict.Contains(item);

            public bool Contains(KeyValuePair<string, T> item) => _dict.Contains(item);

            public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value) => _dict.TryGetValue(key, out value);

            public int IndexOf((string, T) item) => _dict.IndexOf(item);

            public void CopyTo((string, T)[] array, int arrayIndex) => _dict.CopyTo(array, arrayIndex);

            public void CopyTo(KeyValuePair<string, T>[] array, int arrayIndex) => _dict.CopyTo(array, arrayIndex);

            public IEnumerator<(string, T)> GetEnumerator() => _dict.GetEnumerator();

            IEnumerator<KeyValuePair<string, T>> IEnumerable<KeyValuePair<string, T>>.GetEnumerator() =>
                ((IEnumerable<KeyValuePair<string, T>>)_dict).GetEnumerator();

            IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
        }
    }
}
