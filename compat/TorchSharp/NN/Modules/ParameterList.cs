using System.Collections;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static ParameterList ParameterList(params Parameter[] parameters) => new(parameters);
        }
    }

    namespace Modules
    {
        /// <summary>A list of parameters named by their positions.</summary>
        public class ParameterList : nn.Module, IList<Parameter>
        {
            public ParameterList(params Parameter[] parameters) : base(nameof(ParameterList)) => extend(parameters);

            public int Count => _internal_params.Count;

            public bool IsReadOnly => false;

            public Parameter this[int index]
            {
                get => _internal_params[index].Item2;
                set => SetParameter(index.ToString(), value);
            }

            protected override void RegisterComponents()
            {
            }

            private void Change(Action<List<Parameter>> change)
            {
                var list = _internal_params.values().ToList();
                change(list);
                _internal_params.Clear();
                extend(list);
            }

            public void append(params Parameter[] parameters) => extend(parameters);

            public void extend(IEnumerable<Parameter> parameters)
            {
                foreach (var parameter in parameters.ToList()) Add(parameter);
            }

            public void Add(Parameter item) => register_parameter(Count.ToString(), item);

            public void Insert(int index, Parameter item) => Change(list => list.Insert(index, item));

            public bool Remove(Parameter item)
            {
                var index = IndexOf(item);
                if (index >= 0) RemoveAt(index);
                return index >= 0;
            }

            public void RemoveAt(int index) => Change(list => list.RemoveAt(index));

            public void Clear() => _internal_params.Clear();

            public bool Contains(Parameter item) => IndexOf(item) >= 0;

            public int IndexOf(Parameter item)
            {
                var index = 0;
                foreach (var parameter in _internal_params.values())
                {
                    if (ReferenceEquals(parameter, item)) return index;
                    index++;
                }
                return -1;
            }

            public void CopyTo(Parameter[] array, int arrayIndex) => _internal_params.values().ToList().CopyTo(array, arrayIndex);

            public IEnumerator<Parameter> GetEnumerator() => _internal_params.values().GetEnumerator();

            IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
        }
    }
}
