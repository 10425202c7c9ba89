namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor add(Scalar scalar) => Op.Call("aten::add.Scalar", this, scalar);
        public Tensor add(Scalar scalar, Scalar alpha) => Op.Call("aten::add.Scalar", this, scalar, alpha);
        public Tensor add(Tensor target) => Op.Call("aten::add.Tensor", this, target);
        public Tensor add(Tensor target, Scalar alpha) => Op.Call("aten::add.Tensor", this, target, alpha);
        public Tensor add_(Scalar scalar) => Op.InPlace("aten::add_.Scalar", this, scalar);
        public Tensor add_(Scalar scalar, Scalar alpha) => Op.InPlace("aten::add_.Scalar", this, scalar, alpha);
        public Tensor add_(Tensor target) => Op.InPlace("aten::add_.Tensor", this, target);
        public Tensor add_(Tensor target, Scalar alpha) => Op.InPlace("aten::add_.Tensor", this, target, alpha);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => Op.Call("aten::addcdiv", this, tensor1, tensor2);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Op.Call("aten::addcdiv", this, tensor1, tensor2, value);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => Op.InPlace("aten::addcdiv_", this, tensor1, tensor2);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => Op.InPlace("aten::addcdiv_", this, tensor1, tensor2, value);
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Op.Call("aten::addcmul", this, tensor1, tensor2, value);
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Op.InPlace("aten::addcmul_", this, tensor1, tensor2, value);
        public Tensor atan2(Tensor other) => Op.Call("aten::atan2", this, other);
        public Tensor atan2_(Tensor other) => Op.InPlace("aten::atan2_", this, other);
        public Tensor copysign(Tensor other) => Op.Call("aten::copysign.Tensor", this, other);
        public Tensor dist(Tensor other, float p = 2f) => Op.Call("aten::dist", this, other, p);
        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Op.Call("aten::div.Scalar_mode", this, target, NameOf(rounding_mode));
        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Op.Call("aten::div.Tensor_mode", this, target, NameOf(rounding_mode));
        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Op.InPlace("aten::div_.Scalar_mode", this, target, NameOf(rounding_mode));
        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Op.InPlace("aten::div_.Tensor_mode", this, target, NameOf(rounding_mode));
        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);
        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);
        public Tensor divide_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);
        public Tensor divide_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);
        public Tensor float_power(Tensor target) => Op.Call("aten::float_power.Tensor_Tensor", this, target);
        public Tensor floor_divide(Scalar other) => Op.Call("aten::floor_divide.Scalar", this, other);
        public Tensor floor_divide(Tensor other) => Op.Call("aten::floor_divide", this, other);
        public Tensor floor_divide_(Scalar other) => Op.InPlace("aten::floor_divide_.Scalar", this, other);
        public Tensor floor_divide_(Tensor other) => Op.InPlace("aten::floor_divide_.Tensor", this, other);
        public Tensor fmax(Tensor other) => Op.Call("aten::fmax", this, other);
        public Tensor fmin(Tensor other) => Op.Call("aten::fmin", this, other);
        public Tensor fmod(Scalar scalar) => Op.Call("aten::fmod.Scalar", this, scalar);
        public Tensor fmod(Tensor target) => Op.Call("aten::fmod.Tensor", this, target);
        public Tensor fmod_(Scalar scalar) => Op.InPlace("aten::fmod_.Scalar", this, scalar);
        public Tensor fmod_(Tensor target) => Op.InPlace("aten::fmod_.Tensor", this, target);
        public Tensor heaviside(Tensor other) => Op.Call("aten::heaviside", this, other);
        public Tensor hypot(Tensor other) => Op.Call("aten::hypot", this, other);
        public Tensor ldexp(Tensor other) => Op.Call("aten::ldexp.Tensor", this, other);
        public Tensor ldexp_(Tensor other) => Op.InPlace("aten::ldexp_", this, other);
        public Tensor lerp(Tensor end, Tensor weight) => Op.Call("aten::lerp.Tensor", this, end, weight);
        public Tensor lerp_(Tensor end, Tensor weight) => Op.InPlace("aten::lerp_.Tensor", this, end, weight);
        public Tensor logaddexp(Tensor other) => Op.Call("aten::logaddexp", this, other);
        public Tensor logaddexp2(Tensor other) => Op.Call("aten::logaddexp2", this, other);
        public Tensor maximum(Tensor other) => Op.Call("aten::maximum", this, other);
        public Tensor minimum(Tensor other) => Op.Call("aten::minimum", this, other);
        public Tensor mul(Scalar target) => Op.Call("aten::mul.Scalar", this, target);
        public Tensor mul(Tensor target) => Op.Call("aten::mul.Tensor", this, target);
        public Tensor mul_(Scalar target) => Op.InPlace("aten::mul_.Scalar", this, target);
        public Tensor mul_(Tensor target) => Op.InPlace("aten::mul_.Tensor", this, target);
        public Tensor multiply(Scalar target) => mul(target);
        public Tensor multiply(Tensor target) => mul(target);
        public Tensor nextafter(Tensor other) => Op.Call("aten::nextafter", this, other);
        public Tensor pow(Scalar exponent) => Op.Call("aten::pow.Tensor_Scalar", this, exponent);
        public Tensor pow(Tensor exponent) => Op.Call("aten::pow.Tensor_Tensor", this, exponent);
        public Tensor pow_(Scalar exponent) => Op.InPlace("aten::pow_.Scalar", this, exponent);
        public Tensor pow_(Tensor exponent) => Op.InPlace("aten::pow_.Tensor", this, exponent);
        public Tensor remainder(Scalar scalar) => Op.Call("aten::remainder.Scalar", this, scalar);
        public Tensor remainder(Tensor target) => Op.Call("aten::remainder.Tensor", this, target);
        public Tensor remainder_(Scalar scalar) => Op.InPlace("aten::remainder_.Scalar", this, scalar);
        public Tensor remainder_(Tensor target) => Op.InPlace("aten::remainder_.Tensor", this, target);
        public Tensor sub(Scalar target) => Op.Call("aten::sub.Scalar", this, target);
        public Tensor sub(Tensor target) => Op.Call("aten::sub.Tensor", this, target);
        public Tensor sub_(Scalar target) => Op.InPlace("aten::sub_.Scalar", this, target);
        public Tensor sub_(Tensor target) => Op.InPlace("aten::sub_.Tensor", this, target);
        public Tensor subtract(Scalar target) => sub(target);
        public Tensor subtract(Tensor target) => sub(target);
        public Tensor subtract_(Scalar target) => sub_(target);
        public Tensor subtract_(Tensor target) => sub_(target);
        public Tensor true_divide(Scalar other) => div(other);
        public Tensor true_divide(Tensor other) => div(other);
        public Tensor true_divide_(Scalar other) => div_(other);
        public Tensor true_divide_(Tensor other) => div_(other);
        public Tensor xlogy(Scalar y) => Op.Call("aten::xlogy.Scalar_Other", this, y);
        public Tensor xlogy(Tensor y) => Op.Call("aten::xlogy.Tensor", this, y);
        public Tensor xlogy_(Scalar y) => Op.InPlace("aten::xlogy_.Scalar_Other", this, y);
        public Tensor xlogy_(Tensor y) => Op.InPlace("aten::xlogy_.Tensor", this, y);
        public Tensor clamp(Scalar min = null, Scalar max = null) => Op.Call("aten::clamp", this, min, max);
        public Tensor clamp(Tensor min = null, Tensor max = null) => Op.Call("aten::clamp.Tensor", this, min, max);
        public Tensor clamp_(Scalar min = null, Scalar max = null) => Op.InPlace("aten::clamp_", this, min, max);
        public Tensor clamp_(Tensor min = null, Tensor max = null) => Op.InPlace("aten::clamp_.Tensor", this, min, max);
        public Tensor clip(Scalar min = null, Scalar max = null) => clamp(min, max);
        public Tensor clamp_max(Scalar max) => Op.Call("aten::clamp_max", this, max);
        public Tensor clamp_max_(Scalar max) => Op.InPlace("aten::clamp_max_", this, max);
        public Tensor clamp_min(Scalar min) => Op.Call("aten::clamp_min", this, min);
        public Tensor clamp_min_(Scalar min) => Op.InPlace("aten::clamp_min_", this, min);

        private static string NameOf(RoundingMode mode) => mode switch
        {
            RoundingMode.trunc => "trunc",
            RoundingMode.floor => "floor",
            _ => null,
        };
    }

    public static Tensor add(Tensor left, Scalar right) => left.add(right);
    public static Tensor add(Tensor left, Scalar right, Scalar alpha) => left.add(right, alpha);
    public static Tensor add(Tensor left, Tensor right) => left.add(right);
    public static Tensor add(Tensor left, Tensor right, Scalar alpha) => left.add(right, alpha);
    public static Tensor add_(Tensor left, Scalar right) => left.add_(right);
    public static Tensor add_(Tensor left, Scalar right, Scalar alpha) => left.add_(right, alpha);
    public static Tensor add_(Tensor left, Tensor right) => left.add_(right);
    public static Tensor add_(Tensor left, Tensor right, Scalar alpha) => left.add_(right, alpha);
    public static Tensor addcdiv(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) => input.addcdiv(tensor1, tensor2, value);
    public static Tensor addcdiv_(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) => input.addcdiv_(tensor1, tensor2, value);
    public static Tensor addcmul(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) => input.addcmul(tensor1, tensor2, value);
    public static Tensor addcmul_(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) => input.addcmul_(tensor1, tensor2, value);
    public static Tensor atan2(Tensor input, Tensor other) => input.atan2(other);
    public static Tensor atan2_(Tensor input, Tensor other) => input.atan2_(other);
    public static Tensor copysign(Tensor input, Tensor other) => input.copysign(other);
    public static Tensor dist(Tensor input, Tensor other, float p = 2f) => input.dist(other, p);
    public static Tensor div(Tensor left, Scalar right, RoundingMode rounding_mode = RoundingMode.None) => left.div(right, rounding_mode);
    public static Tensor div(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) => left.div(right, rounding_mode);
    public static Tensor div_(Tensor left, Scalar right, RoundingMode rounding_mode = RoundingMode.None) => left.div_(right, rounding_mode);
    public static Tensor div_(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) => left.div_(right, rounding_mode);
    public static Tensor divide(Tensor left, Scalar right, RoundingMode rounding_mode = RoundingMode.None) => left.divide(right, rounding_mode);
    public static Tensor divide(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) => left.divide(right, rounding_mode);
    public static Tensor divide_(Tensor left, Scalar right) => left.divide_(right);
    public static Tensor divide_(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) => left.divide_(right, rounding_mode);
    public static Tensor float_power(Tensor input, Tensor target) => input.float_power(target);
    public static Tensor floor_divide(Tensor input, Tensor other) => input.floor_divide(other);
    public static Tensor floor_divide_(Tensor input, Tensor other) => input.floor_divide_(other);
    public static Tensor fmax(Tensor input, Tensor other) => input.fmax(other);
    public static Tensor fmin(Tensor input, Tensor other) => input.fmin(other);
    public static Tensor fmod(Tensor left, Scalar right) => left.fmod(right);
    public static Tensor fmod(Tensor left, Tensor right) => left.fmod(right);
    public static Tensor fmod_(Tensor left, Scalar right) => left.fmod_(right);
    public static Tensor fmod_(Tensor left, Tensor right) => left.fmod_(right);
    public static Tensor hypot(Tensor left, Tensor right) => left.hypot(right);
    public static Tensor ldexp(Tensor input, Tensor other) => input.ldexp(other);
    public static Tensor ldexp_(Tensor input, Tensor other) => input.ldexp_(other);
    public static Tensor lerp(Tensor input, Tensor end, Tensor weight) => input.lerp(end, weight);
    public static Tensor logaddexp(Tensor left, Tensor right) => left.logaddexp(right);
    public static Tensor logaddexp2(Tensor left, Tensor right) => left.logaddexp2(right);
    public static Tensor maximum(Tensor input, Tensor other) => input.maximum(other);
    public static Tensor minimum(Tensor input, Tensor other) => input.minimum(other);
    public static Tensor mul(Tensor left, Scalar right) => left.mul(right);
    public static Tensor mul(Tensor left, Tensor right) => left.mul(right);
    public static Tensor mul_(Tensor left, Scalar right) => left.mul_(right);
    public static Tensor mul_(Tensor left, Tensor right) => left.mul_(right);
    public static Tensor multiply(Tensor left, Scalar right) => left.multiply(right);
    public static Tensor multiply(Tensor left, Tensor right) => left.multiply(right);
    public static Tensor multiply_(Tensor left, Scalar right) => left.mul_(right);
    public static Tensor multiply_(Tensor left, Tensor right) => left.mul_(right);
    public static Tensor nextafter(Tensor input, Tensor other) => input.nextafter(other);
    public static Tensor pow(Tensor left, Scalar exponent) => left.pow(exponent);
    public static Tensor pow(Tensor left, Tensor exponent) => left.pow(exponent);
    public static Tensor pow_(Tensor left, Scalar exponent) => left.pow_(exponent);
    public static Tensor pow_(Tensor left, Tensor exponent) => left.pow_(exponent);
    public static Tensor remainder(Tensor left, Scalar right) => left.remainder(right);
    public static Tensor remainder(Tensor left, Tensor right) => left.remainder(right);
    public static Tensor remainder_(Tensor left, Scalar right) => left.remainder_(right);
    public static Tensor remainder_(Tensor left, Tensor right) => left.remainder_(right);
    public static Tensor sub(Tensor left, Scalar right) => left.sub(right);
    public static Tensor sub(Tensor left, Tensor right) => left.sub(right);
    public static Tensor sub_(Tensor left, Scalar right) => left.sub_(right);
    public static Tensor sub_(Tensor left, Tensor right) => left.sub_(right);
    public static Tensor subtract(Tensor left, Scalar right) => left.subtract(right);
    public static Tensor subtract(Tensor left, Tensor right) => left.subtract(right);
    public static Tensor subtract_(Tensor left, Scalar right) => left.subtract_(right);
    public static Tensor subtract_(Tensor left, Tensor right) => left.subtract_(right);
    public static Tensor true_divide(Tensor dividend, Tensor divisor) => dividend.true_divide(divisor);
    public static Tensor true_divide_(Tensor dividend, Tensor divisor) => dividend.true_divide_(divisor);
    public static Tensor xlogy(Tensor x, Scalar y) => x.xlogy(y);
    public static Tensor xlogy(Tensor x, Tensor y) => x.xlogy(y);
    public static Tensor xlogy_(Tensor x, Scalar y) => x.xlogy_(y);
    public static Tensor xlogy_(Tensor x, Tensor y) => x.xlogy_(y);
    public static Tensor clamp(Tensor input, Scalar min = null, Scalar max = null) => input.clamp(min, max);
    public static Tensor clamp(Tensor input, Tensor min = null, Tensor max = null) => input.clamp(min, max);
    public static Tensor clamp_(Tensor input, Scalar min = null, Scalar max = null) => input.clamp_(min, max);
    public static Tensor clamp_(Tensor input, Tensor min = null, Tensor max = null) => input.clamp_(min, max);
    public static Tensor clip(Tensor input, Scalar min = null, Scalar max = null) => input.clip(min, max);
    public static Tensor clamp_max(Tensor input, Scalar max) => input.clamp_max(max);
    public static Tensor clamp_max_(Tensor input, Scalar max) => input.clamp_max_(max);
    public static Tensor clamp_min(Tensor input, Scalar min) => input.clamp_min(min);
    public static Tensor clamp_min_(Tensor input, Scalar min) => input.clamp_min_(min);
}
