using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            private const BindingFlags OwnFields =
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

            private bool _areComponentsRegistered;

            /// <summary>Registers the fields that the most derived class declares: modules, parameters, and tensors as buffers.</summary>
            protected virtual void RegisterComponents()
            {
                if (_areComponentsRegistered) return;
                foreach (var field in GetType().GetFields(OwnFields)) RegisterField(field.ComponentName(), field.GetValue(this));
                _areComponentsRegistered = true;
            }

            private void RegisterField(string fieldName, object value)
            {
                // A parameter is a tensor too, so the order of the cases matters.
                switch (value)
                {
                    case Module module: register_module(fieldName, module); break;
                    case Parameter parameter: register_parameter(fieldName, parameter); break;
                    case Tensor tensor: register_buffer(fieldName, tensor); break;
                }
            }

            public virtual void register_module(string name, Module submodule)
            {
                if (submodule is null)
                {
                    _internal_submodules.Remove(name);
                    return;
                }
                if (string.IsNullOrEmpty(name)) throw new ArgumentException("module name can't be empty string \"\"");
                if (name.Contains('.')) throw new ArgumentException($"module name can't contain \".\", got: {name}");
                if (_internal_submodules.ContainsKey(name)) throw new InvalidOperationException($"Sub-module {name} is already registered.");
                submodule.RegisterComponents();
                _internal_submodules.Add(name, submodule);
            }

            public void add_module(string name, Module module) => register_module(name, module);

            /// <summary>The module owns the tensor from here on: no dispose scope ends its life.</summary>
            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                if (tensor is null || tensor.IsInvalid)
                    throw new ArgumentNullException(nameof(tensor), "A null tensor cannot be registered as a buffer.");
                if (!_internal_buffers.TryAdd(name, (tensor, persistent)))
                    throw new InvalidOperationException($"Tensor {name} is already registered.");
                tensor.DetachFromDisposeScope();
            }

            /// <summary>The module owns the parameter from here on: no dispose scope ends its life.</summary>
            public virtual void register_parameter(string name, Parameter param)
            {
                if (param is null || param.IsInvalid)
                    throw new ArgumentNullException(nameof(param), "A null tensor cannot be registered as a parameter.");
                if (!_internal_params.TryAdd(name, param))
                    throw new InvalidOperationException($"Parameter {name} is already registered.");
                param.DetachFromDisposeScope();
            }

            protected void ConditionallyRegisterParameter(string name, Tensor value) => SetParameter(name, value);

            protected void ConditionallyRegisterBuffer(string name, Tensor value, bool persistent = true) => SetBuffer(name, value, persistent);

            protected void ClearModules() => _internal_submodules.clear();

            /// <summary>The layers of this library keep their tensors here only, so that moving and loading see every one of them.</summary>
            internal Parameter OwnParameter(string name) => _internal_params.TryGetValue(name, out var found) ? found : null;

            internal Tensor OwnBuffer(string name) => _internal_buffers.TryGetValue(name, out var found) ? found.Item1 : null;

            internal void SetParameter(string name, Tensor value)
            {
                if (value is null) _internal_params.Remove(name);
                else _internal_params[name] = (Parameter)(value as Parameter ?? new Parameter(value)).DetachFromDisposeScope();
            }

            internal void SetBuffer(string name, Tensor value, bool persistent = true)
            {
                if (value is null) _internal_buffers.Remove(name);
                else _internal_buffers[name] = (value.DetachFromDisposeScope(), persistent);
            }
        }
    }
}
