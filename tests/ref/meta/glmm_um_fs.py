#!/usr/bin/env python3
"""The model with fixed study effects, all parameters maximised together.

    python3 glmm_um_fs.py > glmm_um_fs.csv          (needs numpy and scipy; in this folder)

Integrals by the trapezoidal rule over z in [-12, 12], the standard error from the inverse of the
second derivatives in all parameters.
"""
import os
import csv, numpy as np
from scipy.optimize import minimize
rows=list(csv.DictReader(open(os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../../data/published/nielweise2007.csv'))))
tab=[tuple(int(r[c]) for c in ("ai","n1i","ci","n2i")) for r in rows]; tab=[t for t in tab if t[0]+t[2]>0]
from scipy.special import gammaln
z=np.linspace(-12,12,2401); w=np.exp(-z*z/2)/np.sqrt(2*np.pi)*(z[1]-z[0])
lc=lambda n,k: gammaln(n+1)-gammaln(k+1)-gammaln(n-k+1)
def nll(x):
    th,s=x[0],x[1]; al=x[2:]; tot=0
    for (a,n1,c,n2),A in zip(tab,al):
        e=th+s*z
        l=a*(A+e/2)-n1*np.logaddexp(0,A+e/2)+lc(n1,a)+c*(A-e/2)-n2*np.logaddexp(0,A-e/2)+lc(n2,c)
        m=l.max(); tot+=m+np.log(np.sum(np.exp(l-m)*w))
    return -tot
x0=np.concatenate([[-1.2,0.7],[np.log((a+c+.5)/(n1+n2)) for a,n1,c,n2 in tab]])
r=minimize(nll,x0,method='BFGS',options=dict(gtol=1e-7,maxiter=2000))
for _ in range(2): r=minimize(nll,r.x,method='BFGS',options=dict(gtol=1e-8))
# polish with numeric newton
n=len(r.x);h=1e-4
H=np.zeros((n,n)); I=np.eye(n)*h
for i in range(n):
    for j in range(i+1):
        H[i,j]=H[j,i]=(nll(r.x+I[i]+I[j])-nll(r.x+I[i]-I[j])-nll(r.x-I[i]+I[j])+nll(r.x-I[i]-I[j]))/(4*h*h)
import scipy
print("# The model UM.FS of 17 trials with an event, in double precision.")
print(f"# Tool: Python with scipy {scipy.__version__}. Date: 2026-11-21.")
print("# Regenerate: python3 glmm_um_fs.py > glmm_um_fs.csv")
print("model,theta,tau2,se,loglik")
print(f"UM.FS,{r.x[0]:.12g},{r.x[1]**2:.12g},{np.sqrt(np.linalg.inv(H)[0, 0]):.9g},{-r.fun:.14g}")
