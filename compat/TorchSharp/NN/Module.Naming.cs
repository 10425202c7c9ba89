using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<Tensor>(System.Collections.Generic.ReferenceEqualityComparer.Instance);
                foreach (var (name, parameter) in _internal_params)
                    if (seen.Add(parameter)) yield return (name, parameter);
                if (!recurse) yield break;
                foreach (var (childName, child) in _internal_submodules)
                    foreach (var (name, parameter) in child.named_parameters(true))
                        if (seen.Add(parameter)) yield return ($"{childName}.{name}", parameter);
            }

            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                var seen = new HashSet<Tensor>(System.Collections.Generic.ReferenceEqualityComparer.Instance);
                foreach (var (name, (buffer, persistent)) in _internal_buffers)
                    if ((persistent || include_nonpersistent) && seen.Add(buffer)) yield return (name, buffer);
                if (!recurse) yield break;
                foreach (var (childName, child) in _internal_submodules)
                    foreach (var (name, buffer) in child.named_buffers(true, include_nonpersistent))
                        if (seen.Add(buffer)) yield return ($"{childName}.{name}", buffer);
            }

            public virtual IEnumerable<(string name, Module module)> named_children()
            {
                foreach (var child in _internal_submodules) yield return child;
            }

            /// <summary>Every module below this one, this one not included: first the children, then what is below each.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var child in _internal_submodules) yield return child;
                foreach (var (childName, child) in _internal_submodules)
                    foreach (var (name, module) in child.named_modules())
                        yield return ($"{childName}.{name}", module);
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(p => p.parameter);

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(b => b.buffer);

            public virtual IEnumerable<Module> children() => named_children().Select(c => c.module);

            public virtual IEnumerable<Module> modules() => named_modules().Select(m => m.module);

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            public virtual Parameter get_parameter(string target)
            {
                ArgumentNullException.ThrowIfNull(target);
                if (_internal_params.TryGetValue(target, out var own)) return own;
                return FindChild(target, out var rest)?.get_parameter(rest);
            }

            public virtual Tensor get_buffer(string target)
            {
                ArgumentNullException.ThrowIfNull(target);
                if (_internal_buffers.TryGetValue(target, out var own)) return own.Item1;
                return FindChild(target, out var rest)?.get_buffer(rest);
            }

            private Module FindChild(string target, out string rest)
            {
                var dot = target.IndexOf('.');
                rest = dot < 0 ? null : target[(dot + 1)..];
                if (dot < 0) return null;
                return _internal_submodules.TryGetValue(target[..dot], out var child) ? child : null;
            }

            protected virtual (string name, Parameter parameter)[] _named_parameters() => named_parameters(false).ToArray();

            protected virtual (string name, Tensor buffer)[] _named_buffers() => named_buffers(false).ToArray();

            protected virtual Parameter[] _parameters(bool recurse = true) => parameters(recurse).ToArray();
        }
    }
}
